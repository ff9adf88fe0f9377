package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110 §5. */
class HeaderFieldsTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "z", "A", "Z", "0", "9", "X-Api-Key", "!#$%&'*+-.^_`|~"})
    void aNameIsAToken(String name) {
        assertThat(HeaderFields.isName(name)).isTrue();
    }

    @Test
    void aNameHoldsNothingElse() {
        assertThat(HeaderFields.isName("")).isFalse();
        String token = "!#$%&'*+-.^_`|~";
        for (char c = 0; c < 256; c++) {
            boolean letter = c < 128 && Character.isLetterOrDigit(c);
            assertThat(HeaderFields.isName("x" + c))
                    .as("character %d", (int) c)
                    .isEqualTo(letter || token.indexOf(c) >= 0);
        }
    }

    @Test
    void aValueIsPrintableAndDoesNotBeginOrEndWithASpace() {
        assertThat(HeaderFields.isValue("")).isFalse();
        assertThat(HeaderFields.isValue(" a")).isFalse();
        assertThat(HeaderFields.isValue("a ")).isFalse();
        assertThat(HeaderFields.isValue("a b")).isTrue();
        for (char c = 0; c < 256; c++) {
            assertThat(HeaderFields.isValue("x" + c + "x"))
                    .as("character %d", (int) c)
                    .isEqualTo(c >= 0x20 && c < 0x7f);
        }
    }

    @Test
    void aValueHasAtMost16KiB() {
        assertThat(HeaderFields.isValue("x".repeat(16 * 1024))).isTrue();
        assertThat(HeaderFields.isValue("x".repeat(16 * 1024 + 1))).isFalse();
    }
}
