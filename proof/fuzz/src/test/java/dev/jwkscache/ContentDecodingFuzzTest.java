package dev.jwkscache;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.junit.Lifecycle;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** Any Content-Encoding over any content: unpacked within the limit, or refused. */
class ContentDecodingFuzzTest {
    private static final List<Integer> LIMITS = List.of(4096, 100, 1);
    private static final Set<String> PLAIN = Set.of("", "identity");
    private static final Set<String> GZIP = Set.of("gzip", "x-gzip");

    @FuzzTest(lifecycle = Lifecycle.PER_TEST)
    @DictionaryFile(resourcePath = "headers.dict")
    void nothingIsUnpackedBeyondTheLimit(byte[] octets) {
        HeaderLines lines = HeaderLines.of(octets);
        String encoding = lines.first("content-encoding") == null ? "" : lines.first("content-encoding");
        String name = encoding.strip().toLowerCase(Locale.ROOT);
        byte[] content = lines.content();
        byte[] before = content.clone();
        for (int limit : Held.of(LIMITS, octets.length)) {
            check(encoding, name, content, limit);
        }
        Held.that(Arrays.equals(before, content), "the content is left as it was");
    }

    private static void check(String encoding, String name, byte[] content, int limit) {
        try {
            byte[] plain = decode(encoding, content, limit);
            Held.that(PLAIN.contains(name) || GZIP.contains(name), "an encoding that was asked for", encoding);
            Held.that(PLAIN.contains(name) ? plain == content : plain.length <= limit, "within the limit");
            Held.that(!GZIP.contains(name) || Arrays.equals(plain, unpacked(content, limit)), "what was packed");
        } catch (FetchException refused) {
            Held.refusal(refused);
            Held.that(!PLAIN.contains(name), "plain content is taken as it is");
            Held.that(
                    refused.reason() == FailureReason.ENCODING
                            || (refused.reason() == FailureReason.TOO_LARGE && GZIP.contains(name)),
                    "a reason that says what is wrong",
                    refused.reason());
        }
    }

    private static byte[] decode(String encoding, byte[] content, int limit) throws FetchException {
        return ContentDecoding.decode(encoding, content, limit);
    }

    private static byte[] unpacked(byte[] content, int limit) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(content))) {
            byte[] start = in.readNBytes(limit + 1);
            Held.that(start.length <= limit, "no more than the limit is let through");
            return start;
        } catch (IOException e) {
            throw new AssertionError(
                    "what was unpacked is no gzip: " + new String(content, StandardCharsets.ISO_8859_1), e);
        }
    }
}
