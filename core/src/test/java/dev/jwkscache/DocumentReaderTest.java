package dev.jwkscache;

import static dev.jwkscache.KeyChoiceTest.ecKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.DocumentReader.Document;
import dev.jwkscache.Snapshot.Validators;
import dev.jwkscache.spi.OriginResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What may replace or confirm a set, answer by answer. */
class DocumentReaderTest {
    private static final Moment SENT = new Moment(0, 0);

    private final byte[] body = ("{\"keys\":[" + ecKey("a") + "]}").getBytes(StandardCharsets.UTF_8);
    private final DocumentReader reader = new DocumentReader(body.length, new JwkSetParser(KeyRules.STANDARD));

    @SuppressWarnings("NullAway.Init")
    private Document first;

    @BeforeEach
    void readTheFirst() throws Exception {
        first = reader.read(
                answer(200, Map.of("ETag", List.of("\"1\""), "Last-Modified", List.of("a date")), body), null);
    }

    @Test
    void aGoodAnswerIsReadWithItsValidators() {
        assertThat(first.keys().kids()).containsExactly("a");
        Validators validators = first.validators();
        assertThat(validators.etag()).isEqualTo("\"1\"");
        assertThat(validators.lastModified()).isEqualTo("a date");
        assertThat(validators.digest()).matches("[0-9a-f]{64}");
        assertThat(validators.bytes()).isEqualTo(body.length);
    }

    @Test
    void theSameOctetsAreNotParsedAgain() throws Exception {
        Document again = reader.read(answer(200, Map.of("ETag", List.of("\"2\"")), body), basis(first));

        assertThat(again.keys()).isSameAs(first.keys());
        assertThat(again.validators().etag()).isEqualTo("\"2\"");
        assertThat(again.validators().lastModified()).isNull();
        assertThat(reader.read(answer(200, Map.of(), body), null).keys()).isNotSameAs(first.keys());
    }

    @Test
    void a304ConfirmsAndRenewsTheValidatorsItNames() throws Exception {
        Document same = reader.read(answer(304, Map.of(), new byte[0]), basis(first));
        assertThat(same).isEqualTo(first);

        Document renewed = reader.read(
                answer(304, Map.of("ETag", List.of("\"2\""), "Last-Modified", List.of("later")), new byte[0]),
                basis(first));
        assertThat(renewed.keys()).isSameAs(first.keys());
        assertThat(renewed.validators())
                .isEqualTo(new Validators("\"2\"", "later", first.validators().digest(), body.length));
    }

    @Test
    void a304ThatNobodyAskedForIsRefused() {
        refused(answer(304, Map.of(), body), null, FailureReason.STATUS, "status 304 instead of 200");
        Snapshot without = new Snapshot(first.keys(), SENT, new Validators(null, null, "digest", 1), 1);
        refused(answer(304, Map.of(), body), without, FailureReason.STATUS, "status 304 instead of 200");
    }

    @Test
    void aDocumentAboveTheLimitIsRefused() {
        DocumentReader smaller = new DocumentReader(body.length - 1, new JwkSetParser(KeyRules.STANDARD));

        assertThatThrownBy(() -> smaller.read(answer(200, Map.of(), body), null))
                .hasMessage("the document has more than " + (body.length - 1) + " bytes");
    }

    @Test
    void aValidatorThatNoRequestCouldCarryIsNotKept() throws Exception {
        Document document = reader.read(answer(200, Map.of("ETag", List.of("\"\u00e9\"")), body), null);

        assertThat(document.validators().etag()).isNull();
        assertThat(document.validators().conditional()).isFalse();
    }

    private void refused(OriginResponse answer, @Nullable Snapshot basis, FailureReason reason, String message) {
        assertThatThrownBy(() -> reader.read(answer, basis))
                .isInstanceOfSatisfying(
                        FetchException.class,
                        thrown -> assertThat(thrown.reason()).isEqualTo(reason))
                .hasMessage(message);
    }

    private static Snapshot basis(Document document) {
        return new Snapshot(document.keys(), SENT, document.validators(), 1);
    }

    private static OriginResponse answer(int status, Map<String, List<String>> headers, byte[] body) {
        return new OriginResponse(status, headers, body);
    }
}
