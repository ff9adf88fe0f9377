package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeTextTest {
    @Test
    void whatIsNotPlainAsciiIsEscaped() {
        assertThat(SafeText.of(" az~\\\"\n\u007f\u00e9\u202e\ud83d"))
                .isEqualTo(" az~\\u005c\\u0022\\u000a\\u007f\\u00e9\\u202e\\ud83d");
        assertThat(SafeText.quoted("a")).isEqualTo("\"a\"");
        assertThat(SafeText.quoted(null)).isEqualTo("none");
    }

    @Test
    void aLongTextIsCutAfter80Characters() {
        assertThat(SafeText.of("x".repeat(80))).isEqualTo("x".repeat(80));
        assertThat(SafeText.of("x".repeat(81))).isEqualTo("x".repeat(80) + "… (81 characters)");
    }

    @ParameterizedTest
    @CsvSource({
        "https://idp.example/k, https://idp.example/k",
        "https://idp.example/k?, https://idp.example/k?…",
        "https://idp.example/k?a=b, https://idp.example/k?…",
        "https://u:p@idp.example/k, https://***@idp.example/k",
        "https://u@bad_host/k?a@b, https://***@bad_host/k?…",
        "https://idp.example/@scope, https://idp.example/@scope",
        "@/k, ***@/k",
        "mailto:a@b, ***@b",
        "u:p?q@idp.example?x, ***@idp.example?…",
        "k?a@b, ***@b"
    })
    void anAddressIsShownWithoutWhatMayBeASecret(URI address, String shown) {
        assertThat(SafeText.address(address)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "https://idp.example/k, https://idp.example/k",
        "https://idp.example/k?, https://idp.example/k",
        "https://idp.example/k?a=b?c, https://idp.example/k"
    })
    void theQueryIsLeftOut(URI address, URI without) {
        assertThat(SafeText.withoutQuery(address)).isEqualTo(without);
    }
}
