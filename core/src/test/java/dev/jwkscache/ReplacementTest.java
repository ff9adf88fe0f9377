package dev.jwkscache;

import static dev.jwkscache.KeyChoiceTest.ecKey;
import static dev.jwkscache.KeyChoiceTest.key;
import static dev.jwkscache.KeyChoiceTest.parse;
import static dev.jwkscache.KeyChoiceTest.without;
import static dev.jwkscache.Stage.ALG;
import static dev.jwkscache.Stage.REFRESH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.Behaviour;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DESIGN §2.4: what may replace a good set. */
class ReplacementTest {
    /** The modulus of RFC 7515 appendix A.2. */
    private static final String N =
            "sXchDaQebHnPiGvyDOAT4saGEUetSyo9MKLOoWFsueri23bOdgWp4Dy1WlUzewbgBHod5pcM9H95GQRV3JDXboIRROSB"
                    + "igeC5yjU1hGzHHyXss8UDprecbAYxknTcQkhslANGRUZmdTOQ5qTRsLAt6BTYuyvVRdhS8exSZEy_c4gs_7svlJJQ4H9_NxsiIoLwAEk7"
                    + "-Q3UXERGYw_75IDrGA84-lA_-Ct4eTlXHBIY2EaV7t7LjJaynVJCpkv4LKjTTAumiGUIuQhrNhZLuF_RJLqHpM2kgWFLU7-VTdL1VbC2te"
                    + "jvcI2BlMkEpk1BzBZI0KQB0GaDWFLN-aEAw3vRw";

    static Stream<Arguments> unfit() {
        return Stream.of(
                Arguments.of(Behaviour.refuse(), FailureReason.CONNECT),
                Arguments.of(Behaviour.reset(), FailureReason.IO),
                Arguments.of(Behaviour.cutOff(), FailureReason.IO),
                Arguments.of(Behaviour.hangBeforeHeaders(), FailureReason.TIMEOUT),
                Arguments.of(Behaviour.hangInBody(), FailureReason.TIMEOUT),
                Arguments.of(Behaviour.drip(1, Duration.ofMillis(100)), FailureReason.TIMEOUT),
                Arguments.of(Behaviour.status(500), FailureReason.STATUS),
                Arguments.of(Behaviour.status(204), FailureReason.STATUS),
                Arguments.of(Behaviour.status(304), FailureReason.STATUS),
                Arguments.of(Behaviour.status(401), FailureReason.STATUS),
                Arguments.of(Behaviour.redirectLoop(), FailureReason.STATUS),
                Arguments.of(Behaviour.html(), FailureReason.NOT_JSON),
                Arguments.of(Behaviour.jsonArray(), FailureReason.NOT_JSON),
                Arguments.of(Behaviour.truncated(), FailureReason.NOT_JSON),
                Arguments.of(Behaviour.deepNesting(200_000), FailureReason.NOT_JSON),
                Arguments.of(Behaviour.noKeys(), FailureReason.NO_KEYS_MEMBER),
                Arguments.of(Behaviour.emptySet(), FailureReason.NO_USABLE_KEY),
                Arguments.of(Behaviour.onlyEncryptionKeys(), FailureReason.NO_USABLE_KEY),
                Arguments.of(Behaviour.oversize((1 << 20) + 1), FailureReason.TOO_LARGE));
    }

    @ParameterizedTest
    @MethodSource("unfit")
    void everythingElseIsAFailedRefreshWithItsReasonAndTheOldSetStays(Behaviour behaviour, FailureReason reason) {
        try (Stage stage = Stage.started()) {
            stage.provider.behave(behaviour);
            stage.time.advance(REFRESH.plus(Stage.FETCH_TIMEOUT));

            assertThat(stage.events.failed.get(0).failure().reason()).isEqualTo(reason);
            assertThat(stage.cache.key(stage.kid(), ALG).kid()).isEqualTo(stage.kid());
            assertThat(stage.cache.status().age())
                    .hasValueSatisfying(age -> assertThat(age).isGreaterThanOrEqualTo(REFRESH));
            assertThat(stage.cache.status().lastFailure()).isPresent();
        }
    }

    @Test
    void aBadKeyBesideGoodOnesIsSkippedAndCountedByReason() {
        try (Stage stage = new Stage()) {
            stage.provider.behave(Behaviour.oneBadKey());
            stage.cache.start();

            assertThat(stage.cache.get().kids()).containsExactly(stage.kid());
            assertThat(stage.cache.get().skipped())
                    .singleElement()
                    .satisfies(skipped -> assertThat(skipped.reason()).isEqualTo(SkipReason.MALFORMED_MEMBER));
        }
    }

    @Test
    void unknownKindsOfKeysAreSkippedEachWithItsReason() {
        try (Stage stage = new Stage()) {
            stage.provider.behave(Behaviour.unknownKty());
            stage.cache.start();

            assertThat(stage.cache.get().kids()).containsExactly(stage.kid());
            assertThat(stage.cache.get().skipped())
                    .extracting(SkippedKey::reason)
                    .containsExactlyInAnyOrder(
                            SkipReason.UNKNOWN_KEY_TYPE,
                            SkipReason.UNSUPPORTED_PARAMETERS,
                            SkipReason.SYMMETRIC,
                            SkipReason.NOT_FOR_SIGNATURES);
        }
    }

    @Test
    void theContentTypeIsNotJudged() {
        try (Stage stage = new Stage()) {
            stage.provider.behave(Behaviour.healthy().contentType("text/plain"));
            stage.cache.start();

            assertThat(stage.cache.get().kids()).containsExactly(stage.kid());
        }
    }

    @Test
    void privateMembersAreDroppedAndReported() throws Exception {
        String jwk = ecKey("e").replaceFirst("\\{", "{\"d\":\"cHJpdmF0ZQ\",");
        JwkSet set = parse(jwk, ecKey("f"));

        assertThat(set.kids()).containsExactly("e", "f");
        assertThat(set.privateKeyCount()).isEqualTo(1);
        assertThat(set.keys().get(0).toString() + set).doesNotContain("cHJpdmF0ZQ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"x5t#S256\":\"d3Jvbmc\"",
                "\"x5t\":\"0123456789abcdef0123456789abcdef01234567\"",
                "\"x5c\":[\"bm8gY2VydGlmaWNhdGU=\",\"x\"]",
                "\"x5c\":\"no list\"",
                "\"x5u\":7",
                "\"issuer\":\"https://login.example/{tenantid}\""
            })
    void certificatesThumbprintsAndUnknownMembersDoNotMakeAKeyUnusable(String members) throws Exception {
        assertThat(parse(ecKey("e").replaceFirst("\\{", "{" + members + ",")).find("e", ALG))
                .hasSize(1);
    }

    @Test
    void lenientAboutIntegersStrictAboutOctets() throws Exception {
        String canonical = "{\"kty\":\"RSA\",\"kid\":\"r\",\"e\":\"AQAB\",\"n\":\"" + N + "\"}";
        String thumbprint = parse(canonical).keys().get(0).thumbprint();

        assertThat(parse(canonical.replace("AQAB", "AAEAAQ==")).keys().get(0).thumbprint())
                .isEqualTo(thumbprint);
        assertThat(parse(canonical.replace(N, N.replace('-', '+').replace('_', '/') + "=="))
                        .keys()
                        .get(0)
                        .thumbprint())
                .isEqualTo(thumbprint);
        String okp = key("Ed25519", "o").replaceFirst("\"x\":\"[^\"]*\"", "\"x\":\"" + "A".repeat(41) + "\"");
        assertThat(parse(ecKey("e"), okp).skipped().get(0).reason()).isEqualTo(SkipReason.MALFORMED_MEMBER);
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"kty\":\"RSA\",\"e\":\"AQAB\"}', MALFORMED_MEMBER",
        "'{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"!!!\"}', MALFORMED_MEMBER",
        "'{\"kty\":\"RSA\",\"e\":7,\"n\":\"AQAB\"}', MALFORMED_MEMBER",
        "'{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"AQAB\"}', WEAK",
        "'{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQAB\",\"y\":\"AQAB\"}', MALFORMED_MEMBER",
        "'{\"kty\":\"EC\",\"x\":\"AQAB\",\"y\":\"AQAB\"}', MALFORMED_MEMBER",
        "'{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"AQAB\",\"y\":\"AQAB\"}', UNSUPPORTED_PARAMETERS",
        "'{\"kty\":\"EC\",\"crv\":\" \",\"x\":\"AQAB\",\"y\":\"AQAB\"}', UNSUPPORTED_PARAMETERS",
        "'{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AQAB\"}', NOT_FOR_SIGNATURES",
        "'{\"kty\":\"OKP\",\"crv\":\"Ed1\",\"x\":\"AQAB\"}', UNSUPPORTED_PARAMETERS",
        "'{\"kty\":\"AKP\",\"pub\":\"AQAB\"}', MALFORMED_MEMBER",
        "'{\"kty\":\"AKP\",\"alg\":\"ML-DSA-1\",\"pub\":\"AQAB\"}', UNSUPPORTED_PARAMETERS",
        "'{\"kty\":\"AKP\",\"alg\":\"ML-DSA-44\",\"pub\":\"AQAB\"}', MALFORMED_MEMBER",
        "'{\"kty\":7}', MALFORMED_MEMBER",
        "'{}', MALFORMED_MEMBER",
        "'[]', NOT_AN_OBJECT",
        "'null', NOT_AN_OBJECT",
        "'\"text\"', NOT_AN_OBJECT"
    })
    void eachUnusableEntryHasItsReason(String entry, SkipReason reason) throws Exception {
        JwkSet set = parse(ecKey("e"), entry);

        assertThat(set.kids()).containsExactly("e");
        assertThat(set.skipped())
                .singleElement()
                .satisfies(skipped -> assertThat(skipped.reason()).isEqualTo(reason));
    }

    @Test
    void rsaWithUnsafeParametersIsWeak() throws Exception {
        String key = "{\"kty\":\"RSA\",\"e\":\"%s\",\"n\":\"%s\"}";
        for (String e : List.of("AQ", "AQAA", "Ag")) {
            assertThat(parse(ecKey("e"), key.formatted(e, N)).skipped().get(0).reason())
                    .isEqualTo(SkipReason.WEAK);
        }
        String even = N.substring(0, N.length() - 1) + "A";
        assertThat(parse(ecKey("e"), key.formatted("AQAB", even))
                        .skipped()
                        .get(0)
                        .reason())
                .isEqualTo(SkipReason.WEAK);
        String huge = "_".repeat(2801) + "w";
        assertThat(parse(ecKey("e"), key.formatted("AQAB", huge))
                        .skipped()
                        .get(0)
                        .reason())
                .isEqualTo(SkipReason.UNSUPPORTED_PARAMETERS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "7",
                "\"keys\"",
                "{",
                "{}}",
                "{\"keys\":[]} trailing",
                "{\"keys\":[}",
                "[[\"keys\",[]]]",
                "{'keys':[]}",
                "{keys:[]}",
                "\u0000"
            })
    void whatIsNoJsonObjectIsRefused(String document) {
        assertThatThrownBy(() -> new JwkSetParser(KeyRules.STANDARD).parse(document.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        FetchException.class,
                        thrown -> assertThat(thrown.reason()).isEqualTo(FailureReason.NOT_JSON));
    }

    @Test
    void aByteOrderMarkIsIgnoredAndOtherBytesBeforeTheDocumentAreNot() throws Exception {
        JwkSetParser parser = new JwkSetParser(KeyRules.STANDARD);
        String document = "{\"keys\":[" + ecKey("e") + "]}";

        assertThat(parser.parse(("\ufeff " + document).getBytes(StandardCharsets.UTF_8))
                        .kids())
                .containsExactly("e");
        assertThatThrownBy(() -> parser.parse(("\u00e9" + document).getBytes(StandardCharsets.UTF_8)))
                .hasMessage("the document is no JSON object");
        // A separator that is blank to Java and no white space to JSON.
        assertThatThrownBy(() -> parser.parse(("\u001f" + document).getBytes(StandardCharsets.UTF_8)))
                .hasMessage("the document is no JSON object");
        assertThatThrownBy(() -> parser.parse("\u00e9".getBytes(StandardCharsets.UTF_8)))
                .hasMessage("the document is no JSON object");
    }

    @Test
    void anUnchangedDocumentIsNotParsedAgain() {
        try (Stage stage = Stage.started()) {
            JwkSet first = stage.cache.get();
            stage.time.advance(REFRESH);

            assertThat(stage.fetches()).isEqualTo(2);
            assertThat(stage.cache.get()).isSameAs(first);
            assertThat(stage.events.refreshed.get(1).document()).isFalse();
            assertThat(stage.cache.status().age()).contains(Duration.ZERO);
        }
    }

    @Test
    void aValidatorThatNoRequestCouldCarryIsNotKept() throws Exception {
        byte[] document = ("{\"keys\":[" + ecKey("e") + "]}").getBytes(StandardCharsets.UTF_8);
        DocumentReader reader = new DocumentReader(document.length, new JwkSetParser(KeyRules.STANDARD));
        for (String etag : List.of("\"caf\u00e9\"", "\"a\r\nX: y\"", "", "\"" + "x".repeat(20_000) + "\"")) {
            OriginResponse response = new OriginResponse(
                    200, Map.of("ETag", List.of(etag), "Last-Modified", List.of("\u0000")), document);

            assertThat(reader.read(response, null).validators().conditional())
                    .describedAs(etag)
                    .isFalse();
        }
    }

    @Test
    void a304ThatWasNotAskedForIsAFailure() {
        AtomicReference<OriginResponse> answer = new AtomicReference<>();
        try (Stage stage =
                new Stage(builder -> builder.origin(request -> CompletableFuture.completedFuture(answer.get())))) {
            byte[] document = stage.provider.document().getBytes(StandardCharsets.UTF_8);
            answer.set(new OriginResponse(200, Map.of(), document));
            stage.cache.start();
            answer.set(new OriginResponse(304, Map.of(), new byte[0]));
            stage.time.advance(REFRESH);

            assertThat(stage.events.lastFailure().failure().reason()).isEqualTo(FailureReason.STATUS);
        }
    }

    @Test
    void theSizeLimitIsExact() throws Exception {
        byte[] document = ("{\"keys\":[" + ecKey("e") + "]}").getBytes(StandardCharsets.UTF_8);
        OriginResponse response = new OriginResponse(200, Map.of(), document);

        assertThat(new DocumentReader(document.length, new JwkSetParser(KeyRules.STANDARD))
                        .read(response, null)
                        .keys()
                        .size())
                .isEqualTo(1);
        assertThatThrownBy(() -> new DocumentReader(document.length - 1, new JwkSetParser(KeyRules.STANDARD))
                        .read(response, null))
                .isInstanceOfSatisfying(
                        FetchException.class,
                        thrown -> assertThat(thrown.reason()).isEqualTo(FailureReason.TOO_LARGE));
    }

    @Test
    void withoutIsHonest() {
        assertThat(without("{\"kty\":\"EC\",\"use\":\"sig\",\"kid\":\"e\"}", "use"))
                .doesNotContain("use");
    }
}
