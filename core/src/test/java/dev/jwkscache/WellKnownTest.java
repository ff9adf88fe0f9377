package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where metadata is looked for (OpenID Connect Discovery 1.0 §4, RFC 8414 §3.1 and §5). */
class WellKnownTest {
    private static final String OPENID = "/.well-known/openid-configuration";
    private static final String OAUTH = "/.well-known/oauth-authorization-server";

    @ParameterizedTest
    @CsvSource({
        "https://idp.example/realms/r, /realms/r",
        "https://idp.example/realms/r/, /realms/r",
        "https://idp.example/realms/r//, /realms/r/",
        "https://idp.example/a%20b/%C3%A9, /a%20b/%C3%A9"
    })
    void anIssuerWithAPathHasThreeAddresses(URI issuer, String path) {
        assertThat(WellKnown.addresses(issuer))
                .containsExactly(
                        URI.create("https://idp.example" + path + OPENID),
                        URI.create("https://idp.example" + OAUTH + path),
                        URI.create("https://idp.example" + OPENID + path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://idp.example", "https://idp.example/"})
    void anIssuerWithoutPathHasTwo(URI issuer) {
        assertThat(WellKnown.addresses(issuer))
                .containsExactly(URI.create("https://idp.example" + OPENID), URI.create("https://idp.example" + OAUTH));
    }

    @Test
    void portAndSchemeStay() {
        assertThat(WellKnown.addresses(URI.create("http://localhost:8080/r"))).allSatisfy(address -> {
            assertThat(address.getScheme()).isEqualTo("http");
            assertThat(address.getRawAuthority()).isEqualTo("localhost:8080");
        });
    }

    @Test
    void aStatusThatSaysNotHereIsOfTheFourHundredsAndNotNotNow() {
        assertThat(Stream.of(400, 401, 403, 404, 405, 410, 499)).allMatch(WellKnown::isNotHere);
        assertThat(List.of(200, 204, 301, 304, 399, 408, 425, 429, 500, 503)).noneMatch(WellKnown::isNotHere);
    }
}
