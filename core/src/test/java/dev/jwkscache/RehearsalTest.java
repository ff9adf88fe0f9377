package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A rehearsal that fails at its first line would go unnoticed, and load nothing. */
class RehearsalTest {

    @Test
    void itsSetIsReadToTheEnd() {
        JwkSet set = Rehearsal.read();

        assertThat(set).isNotNull();
        assertThat(set.skipped()).isEmpty();
        assertThat(set.keys()).extracting(Jwk::keyType).containsExactly("RSA");
        assertThat(set.fitting("rehearsal", "RS256")).isNotNull();
    }
}
