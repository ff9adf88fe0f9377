package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What metadata may say (OpenID Connect Discovery 1.0 §4.3, RFC 8414 §3.3). */
class MetadataTest {
    private static final String NAME = "https://sso.example/realms/r";
    private static final URI ADDRESS = URI.create(NAME + "/.well-known/openid-configuration");
    private static final URI INSIDE = URI.create("http://keycloak:8080");

    @ParameterizedTest
    @CsvSource({
        "https://sso.example/realms/r/certs, https://sso.example/realms/r/certs",
        "https://keys.example/k?v=2, https://keys.example/k?v=2",
        "http://127.0.0.1:1/k, http://127.0.0.1:1/k"
    })
    void namesWhereTheKeysAre(String jwksUri, URI keysAt) throws Exception {
        assertThat(read(document(NAME, jwksUri), null)).isEqualTo(keysAt);
    }

    @ParameterizedTest
    @CsvSource({
        "https://sso.example/realms/r/certs?v=1, http://keycloak:8080/realms/r/certs?v=1",
        "https://SSO.example:443/k, http://keycloak:8080/k",
        "https://keys.example/k, https://keys.example/k",
        "https://sso.example:8443/k, https://sso.example:8443/k",
        "http://keycloak:8080/k, http://keycloak:8080/k"
    })
    void whatIsAtTheIssuersOriginIsFetchedFromTheFetchBase(String jwksUri, URI keysAt) throws Exception {
        Issuer issuer = new Issuer(URI.create(NAME), INSIDE, true);

        assertThat(Metadata.read(bytes(document(NAME, jwksUri)), issuer, ADDRESS)
                        .keysAt())
                .isEqualTo(keysAt);
    }

    @Test
    void aPlainJwksUriAtTheIssuersOriginIsNoFaultWhereItIsReachedOverTls() throws Exception {
        Issuer issuer = new Issuer(URI.create("http://sso.example"), URI.create("https://inside.example"), false);

        assertThat(Metadata.read(bytes(document("http://sso.example", "http://sso.example/k")), issuer, ADDRESS)
                        .keysAt())
                .isEqualTo(URI.create("https://inside.example/k"));
    }

    @ParameterizedTest
    @CsvSource({
        "https://sso.example/realms/r/, differs by the slash at its end",
        "https://sso.example/realms/R, set fetchBase",
        "https://SSO.example/realms/r, set fetchBase",
        "https://sso.example:443/realms/r, set fetchBase",
        "https://sso.example/realms/%72, set fetchBase",
        "http://sso.example/realms/r, set fetchBase",
        "https://evil.example, set fetchBase"
    })
    void anIssuerOfAnySpellingButTheConfiguredOneIsRefused(String named, String advice) {
        assertThatThrownBy(() -> read(document(named, "https://sso.example/k"), null))
                .isInstanceOfSatisfying(
                        FetchException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(FailureReason.METADATA))
                .hasMessageContainingAll(ADDRESS.toString(), '"' + named + '"', '"' + NAME + '"', advice);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<html> | looks like HTML",
                "'' | it is empty",
                "[] | is no JSON object",
                "{\"issuer\": | is no JSON object",
                "{} | has no string \"issuer\"",
                "{\"issuer\":[\"https://sso.example/realms/r\"]} | has no string \"issuer\"",
                "{\"issuer\":\"https://sso.example/realms/r\"} | has no string \"jwks_uri\"",
                "{\"issuer\":\"https://sso.example/realms/r\",\"jwks_uri\":7} | has no string \"jwks_uri\"",
                "{\"issuer\":\"https://sso.example/realms/r\",\"jwks_uri\":null} | has no string \"jwks_uri\""
            })
    void whatIsNoMetadataIsRefused(String document, String fault) {
        refusal(document, null, fault);
    }

    @ParameterizedTest
    @CsvSource({
        "'', no http or https address",
        "/jwks, no http or https address",
        "https:opaque, no http or https address",
        "//sso.example/k, no http or https address",
        "file:///etc/passwd, no http or https address",
        "https://a b/, is no address: \"https://a b/\"",
        "https://[::99999999999.0.0.1]/, is no address",
        "http://keys.example/k, plain http",
        "https://u:p@keys.example/k, holds a user name",
        "https://keys.example/k#1, has a fragment"
    })
    void anAddressThatKeysMayNotComeFromIsRefused(String jwksUri, String fault) {
        refusal(document(NAME, jwksUri), null, fault);
        refusal(document(NAME, jwksUri), URI.create("https://inside.example"), fault);
    }

    @Test
    void theRulesHoldAlsoForAnAddressThatIsReachedElsewhere() {
        Issuer issuer = new Issuer(URI.create(NAME), INSIDE, true);

        assertThatThrownBy(() -> Metadata.read(bytes(document(NAME, "https://u@sso.example/k")), issuer, ADDRESS))
                .hasMessageContaining("holds a user name");
    }

    @Test
    void whatOthersWroteIsEscapedAndCut() {
        String hostile = "https://evil.example/\u001b[31m" + "x".repeat(500);

        assertThatThrownBy(() -> read(document(hostile, "https://sso.example/k"), null))
                .hasMessageNotContaining("\u001b")
                .hasMessageNotContaining("x".repeat(100));
        assertThatThrownBy(() -> read(document(NAME, hostile), null))
                .hasMessageNotContaining("\u001b")
                .hasMessageNotContaining("x".repeat(100));
    }

    private static void refusal(String document, @Nullable URI fetchBase, String fault) {
        assertThatThrownBy(() -> read(document, fetchBase))
                .isInstanceOfSatisfying(
                        FetchException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(FailureReason.METADATA))
                .hasMessageContainingAll("the metadata at " + ADDRESS, fault);
    }

    private static URI read(String document, @Nullable URI fetchBase) throws FetchException {
        return Metadata.read(bytes(document), new Issuer(URI.create(NAME), fetchBase, false), ADDRESS)
                .keysAt();
    }

    private static String document(String issuer, String jwksUri) {
        return "{\"issuer\":\"" + issuer.replace("\u001b", "\\u001b") + "\",\"jwks_uri\":\""
                + jwksUri.replace("\u001b", "\\u001b") + "\"}";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
