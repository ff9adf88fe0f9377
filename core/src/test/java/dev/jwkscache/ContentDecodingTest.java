package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentDecodingTest {
    private static final byte[] PLAIN = "{\"keys\":[]}".getBytes(StandardCharsets.UTF_8);

    @ParameterizedTest
    @ValueSource(strings = {"", "identity", " Identity "})
    void whatIsNotEncodedIsGivenBack(String encoding) throws Exception {
        assertThat(ContentDecoding.decode(encoding, PLAIN, PLAIN.length)).isSameAs(PLAIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "x-gzip", " GZIP "})
    void gzipIsUnpackedUpToTheLimit(String encoding) throws Exception {
        assertThat(ContentDecoding.decode(encoding, gzip(PLAIN), PLAIN.length)).isEqualTo(PLAIN);
        assertThatThrownBy(() -> ContentDecoding.decode(encoding, gzip(PLAIN), PLAIN.length - 1))
                .isInstanceOfSatisfying(
                        FetchException.class,
                        thrown -> assertThat(thrown.reason()).isEqualTo(FailureReason.TOO_LARGE))
                .hasMessage("the document has more than 10 bytes when unpacked");
    }

    @Test
    void brokenGzipAndOtherEncodingsAreRefused() throws Exception {
        byte[] cut = Arrays.copyOf(gzip(PLAIN), 15);
        for (byte[] broken : new byte[][] {cut, PLAIN, {}}) {
            refused("gzip", broken, "the content is no valid gzip");
        }
        refused("br", PLAIN, "content encoding \"br\" was not asked for");
        refused("gzip, gzip", PLAIN, "content encoding \"gzip, gzip\" was not asked for");
    }

    private static void refused(String encoding, byte[] content, String message) {
        assertThatThrownBy(() -> ContentDecoding.decode(encoding, content, 100))
                .isInstanceOfSatisfying(
                        FetchException.class,
                        thrown -> assertThat(thrown.reason()).isEqualTo(FailureReason.ENCODING))
                .hasMessage(message);
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(plain);
        }
        return packed.toByteArray();
    }
}
