package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a redirect may lead (RFC 9110 §15.4, RFC 6454); what an address may be is with the settings. */
class AddressesTest {
    @ParameterizedTest
    @CsvSource({
        "https://idp.example/a/keys, /jwks.json, https://idp.example/jwks.json",
        "https://idp.example/a/keys, jwks.json, https://idp.example/a/jwks.json",
        "https://idp.example/a/keys, ?v=2, https://idp.example/a/?v=2",
        "https://idp.example/a/keys, //IDP.example/k, https://IDP.example/k",
        "https://idp.example/a/keys, HTTPS://idp.example:443/k, HTTPS://idp.example:443/k",
        "https://idp.example:443/a, https://idp.example/k, https://idp.example/k",
        "http://localhost/a, http://localhost:80/k, http://localhost:80/k",
        "http://localhost:8080/a, /k, http://localhost:8080/k"
    })
    void aRedirectIsFollowedAtItsOrigin(URI from, String location, URI to) throws Exception {
        assertThat(Addresses.redirectTarget(from, location)).isEqualTo(to);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "none, a redirect without Location",
                "https://other.example/k, a redirect to another origin is not followed: \"https://other.example/k\"; if it is right",
                "https://idp.example:444/k, a redirect to another origin",
                "http://idp.example/k, a redirect to another origin",
                "http://idp.example:443/k, a redirect to another origin",
                "mailto:a@idp.example, a redirect to another origin",
                "https://[::99999999999.0.0.1]/, a redirect to no address",
                "https://idp example/, a redirect to no address: \"https://idp example/\""
            })
    void anyOtherIsRefused(String location, String message) {
        assertThatThrownBy(() -> Addresses.redirectTarget(URI.create("https://idp.example/keys"), location))
                .isInstanceOfSatisfying(
                        FetchException.class,
                        thrown -> assertThat(thrown.reason()).isEqualTo(FailureReason.REDIRECT))
                .hasMessageStartingWith(message);
    }
}
