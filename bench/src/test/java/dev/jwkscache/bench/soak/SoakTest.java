package dev.jwkscache.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The soak fails when it should, says how to replay, and replays. */
class SoakTest {
    private final StringWriter text = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @ParameterizedTest
    @EnumSource
    void aWrongCacheIsCaughtWithinAFewLives(WrongCaches wrong) {
        assertThat(soak(7, wrong::disguise).runLives(5)).as(wrong + "\n" + text).isFalse();

        assertThat(text.toString()).contains("FORBIDDEN: seed 7, life ", "replay: bench/soak --seed 7 --life ");
    }

    @Test
    void theSameSeedFailsAtTheSameStepForTheSameReason() {
        soak(7, WrongCaches.KEEPS_WITHDRAWN_KEYS::disguise).runLives(5);
        String first = heading();
        text.getBuffer().setLength(0);
        soak(7, WrongCaches.KEEPS_WITHDRAWN_KEYS::disguise).runLives(5);

        assertThat(heading()).isEqualTo(first).startsWith("FORBIDDEN");
    }

    @Test
    void theSameSeedTakesTheSameSteps() {
        Tally one = new Tally();
        Tally other = new Tally();
        new VirtualSoak(3, new PrintWriter(text), one, UnaryOperator.identity()).live(1);
        new VirtualSoak(3, new PrintWriter(text), other, UnaryOperator.identity()).live(1);

        assertThat(one.table()).isEqualTo(other.table()).contains("rotations", "429 Retry-After");
    }

    @Test
    void anotherSeedTakesOtherSteps() {
        Tally one = new Tally();
        Tally other = new Tally();
        new VirtualSoak(3, new PrintWriter(text), one, UnaryOperator.identity()).live(1);
        new VirtualSoak(4, new PrintWriter(text), other, UnaryOperator.identity()).live(1);

        assertThat(one.table()).isNotEqualTo(other.table());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--what",
                "--minutes",
                "--minutes x",
                "--minutes 0",
                "--minutes NaN",
                "--seconds -1",
                "--seed",
                "--seed 1.5",
                "--seconds 1 --minutes 1",
                "--life 1",
                "--seed 1 --life 0",
                "--seed 1 --live --life 1",
                "5"
            })
    void badArgumentsAreRefusedInOneLine(String arguments) {
        int status = Main.run(arguments.split(" "), new PrintWriter(text), new PrintWriter(errors, true));

        assertThat(status).isEqualTo(2);
        assertThat(errors.toString().lines()).hasSize(1);
        assertThat(errors.toString()).startsWith("soak: ").contains("--help");
        assertThat(text.toString()).isEmpty();
    }

    @Test
    void aRunThatHoldsEndsWithItsTable() {
        int status = Main.run(
                new String[] {"--seed", "3", "--life", "1"}, new PrintWriter(text), new PrintWriter(errors, true));

        assertThat(status).as(text.toString()).isZero();
        assertThat(text.toString()).contains("seed                   3", "forbidden answers      0", "held");
    }

    private VirtualSoak soak(long seed, UnaryOperator<Subject> disguise) {
        return new VirtualSoak(seed, new PrintWriter(text), new Tally(), disguise);
    }

    private String heading() {
        return text.toString()
                .lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElse("");
    }
}
