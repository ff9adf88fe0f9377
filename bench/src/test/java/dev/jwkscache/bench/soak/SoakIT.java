package dev.jwkscache.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A short soak with a fixed seed as part of every build; {@code bench/soak} runs it for as long as you like. */
class SoakIT {
    private static final long SEED = 20261122;

    private final StringWriter text = new StringWriter();
    private final Tally tally = new Tally();

    @Test
    void nothingForbiddenHappensInVirtualTime() {
        boolean held = new VirtualSoak(SEED, new PrintWriter(text), tally, UnaryOperator.identity()).runLives(12);

        assertThat(held).as(text.toString()).isTrue();
        assertThat(tally.of("steps")).isEqualTo(12_000);
        assertThat(tally.outcomes("key")).isPositive();
        assertThat(tally.outcomes("expired")).isPositive();
        assertThat(tally.outcomes("unavailable")).isPositive();
        assertThat(tally.outcomes("unknown key")).isPositive();
    }

    @Test
    void nothingForbiddenHappensLive() {
        boolean held = new LiveSoak(SEED, new PrintWriter(text), tally, UnaryOperator.identity())
                .runFor(Duration.ofSeconds(5));

        assertThat(held).as(text.toString()).isTrue();
        assertThat(tally.lookups()).isPositive();
    }

    @Test
    void aWithdrawnKeyThatStaysIsCaughtLive() {
        boolean held =
                new LiveSoak(SEED, new PrintWriter(text), tally, KeepingSets::new).runFor(Duration.ofSeconds(60));

        assertThat(held).as(text.toString()).isFalse();
        assertThat(text.toString()).contains("it was withdrawn");
    }
}
