package dev.jwkscache;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.junit.Lifecycle;
import dev.jwkscache.DocumentReader.Document;
import dev.jwkscache.Snapshot.Validators;
import dev.jwkscache.spi.OriginResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Any status, headers and content, with and without a set at hand: what may replace or confirm it, and nothing else. */
class AnswerFuzzTest {
    private static final int MOST_BYTES = 12_000;
    private static final Moment MOMENT = new Moment(0, 0);
    private static final List<Integer> STATUSES = List.of(200, 304, 200, 204, 304, 503, -1);
    private static final byte[] GOOD = MadeUpKeys.document().getBytes(StandardCharsets.UTF_8);
    private static final Document KNOWN = known();

    @FuzzTest(lifecycle = Lifecycle.PER_TEST)
    @DictionaryFile(resourcePath = "headers.dict")
    void onlyAGoodAnswerReplacesOrConfirmsASet(byte[] octets) {
        HeaderLines lines = HeaderLines.of(octets);
        byte[] content = "good".equals(lines.first("content")) ? GOOD : lines.content();
        String digest = KNOWN.validators().digest();
        List<Optional<Validators>> known = List.of(
                Optional.empty(),
                Optional.of(new Validators("\"1\"", null, digest, 0)),
                Optional.of(new Validators(null, null, digest, 0)),
                Optional.of(new Validators(lines.first("etag"), lines.first("last-modified"), "another", 0)));
        for (int status : Held.of(STATUSES, octets.length)) {
            OriginResponse answer = new OriginResponse(status, lines.fields(), content);
            for (Optional<Validators> validators : Held.of(known, octets.length / STATUSES.size())) {
                answer(answer, validators.orElse(null));
            }
        }
    }

    private static void answer(OriginResponse answer, Validators known) {
        Snapshot basis = known == null ? null : new Snapshot(KNOWN.keys(), MOMENT, known, 1);
        boolean confirms = answer.status() == 304 && known != null && known.conditional();
        try {
            Document document = read(answer, basis);
            Held.that(confirms || answer.status() == 200, "only 200 and a 304 that was asked for", answer.status());
            Held.that(confirms || answer.body().length <= MOST_BYTES, "no document above the limit");
            Held.that(!confirms || document.keys() == basis.keys(), "a 304 changes no key");
            Held.that(document.keys().size() >= 1, "a usable key");
            Validators next = document.validators();
            Held.that(
                    confirms
                            ? next.digest().equals(known.digest())
                            : next.digest().length() == 64,
                    "a digest");
            Held.that(same(next.etag(), first(answer, "etag"), confirms ? known.etag() : null), "its ETag", next);
            Held.that(
                    same(next.lastModified(), first(answer, "last-modified"), confirms ? known.lastModified() : null),
                    "its Last-Modified",
                    next);
        } catch (FetchException refused) {
            Held.that(!confirms, "a 304 that was asked for confirms", refused.detail());
            Held.refusal(refused);
            Held.that(
                    (refused.reason() == FailureReason.STATUS) == (answer.status() != 200),
                    "the status is the reason where it is",
                    refused.reason());
            Held.that(
                    answer.status() != 200
                            || (refused.reason() == FailureReason.TOO_LARGE) == (answer.body().length > MOST_BYTES),
                    "the size is the reason where it is",
                    refused.reason());
        }
    }

    private static Document read(OriginResponse answer, Snapshot basis) throws FetchException {
        return new DocumentReader(MOST_BYTES, new JwkSetParser(KeyRules.STANDARD)).read(answer, basis);
    }

    private static boolean same(String now, String sent, String before) {
        return sent != null ? sent.equals(now) : now == null ? before == null : now.equals(before);
    }

    /** The field, if it can be sent back. */
    private static String first(OriginResponse answer, String name) {
        List<String> values = answer.headers().getOrDefault(name, List.of());
        return values.isEmpty() || !HeaderFields.isValue(values.get(0)) ? null : values.get(0);
    }

    private static Document known() {
        try {
            return read(new OriginResponse(200, Map.of(), GOOD), null);
        } catch (FetchException e) {
            throw new IllegalStateException(e);
        }
    }
}
