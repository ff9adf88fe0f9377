package dev.jwkscache.sidecar.history;

import static dev.jwkscache.sidecar.history.RecordedLife.kids;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.SigningKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random lives: what the record answers for a moment is what the cache served at that moment. */
class HistorySeedsTest {
    private static final int STEPS = 250;

    @TempDir
    @SuppressWarnings("NullAway.Init") // Set by JUnit.
    private Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void theRecordAnswersWhatTheCacheServed(long seed) {
        Random random = new Random(seed);
        List<Sample> samples = new ArrayList<>();
        // Small files, and none is deleted: the model remembers everything.
        try (RecordedLife life = new RecordedLife(folder, 3000 + random.nextInt(3000), 1_000_000).start()) {
            for (int step = 0; step < STEPS; step++) {
                act(life, random, samples);
                life.advance(Duration.ofMillis(1 + random.nextInt(random.nextInt(10) == 0 ? 2_000_000 : 60_000)));
                samples.add(new Sample(life.now(), life.served(), life.runs(), null));
                // What is done next is done at another moment than the one that is asked for.
                life.advance(Duration.ofMillis(1));
            }
            assertThat(samples).filteredOn(sample -> !sample.served.isEmpty()).hasSizeGreaterThan(STEPS / 10);
            assertThat(samples)
                    .filteredOn(sample -> sample.runs && sample.served.isEmpty())
                    .isNotEmpty();
            check(life.history(), samples);
        }
    }

    private static void act(RecordedLife life, Random random, List<Sample> samples) {
        if (!life.runs()) {
            if (random.nextInt(3) == 0) {
                life.start();
            }
            return;
        }
        switch (random.nextInt(16)) {
            case 0, 1 -> life.provider.rotate();
            case 2 -> {
                List<SigningKey> keys = life.provider.keys();
                if (keys.size() > 1) {
                    life.provider.withdraw(keys.get(random.nextInt(keys.size() - 1)));
                }
            }
            case 3 -> life.provider.behave(Behaviour.status(500));
            case 4, 5 -> life.provider.behave(Behaviour.healthy());
            case 6, 7, 8 -> life.refresh();
            case 9 -> {
                life.cache().purge();
                life.time.runDue();
            }
            case 10 -> life.time.suspend(Duration.ofSeconds(random.nextInt(5000)));
            case 11 -> life.time.leapWall(Duration.ofSeconds(random.nextInt(100)));
            case 12 -> life.advance(Duration.ofMinutes(random.nextInt(100)));
            case 13 -> life.stop();
            case 14 -> {
                Instant crashed = life.now();
                if (random.nextBoolean()) {
                    life.crash();
                } else {
                    life.crashInLine();
                }
                // Nobody wrote that it ended: what is asked from its last line to here has no certain answer.
                samples.replaceAll(sample -> sample.crashed == null && sample.runs ? sample.of(crashed) : sample);
            }
            default -> {}
        }
        if (!life.runs()) {
            samples.replaceAll(sample -> sample.crashed == null && sample.runs ? sample.of(Instant.MAX) : sample);
        }
    }

    private static void check(History history, List<Sample> samples) {
        int uncertain = 0;
        for (Sample sample : samples) {
            Answer answer = history.at(sample.at, trust -> true);
            List<String> possible = kids(answer);
            List<String> certain = answer.keys().stream()
                    .filter(trust -> !trust.isPerhapsAt(sample.at))
                    .map(trust -> String.valueOf(trust.key().kid()))
                    .toList();
            assertThat(answer.twice()).isFalse();
            if (answer.recorded()) {
                assertThat(certain).as("at %s", sample).containsExactlyInAnyOrderElementsOf(sample.served);
                assertThat(sample.runs).as("at %s", sample).isTrue();
            } else {
                // Not recorded is only what is after the last line of a run that crashed, or when none ran.
                assertThat(!sample.runs || sample.ofCrash()).as("at %s", sample).isTrue();
                assertThat(certain).as("at %s", sample).isEmpty();
                assertThat(possible).as("at %s", sample).containsAll(sample.served);
                uncertain++;
            }
        }
        assertThat(uncertain).isLessThan(samples.size());
    }

    private record Sample(
            Instant at,
            Set<String> served,
            boolean runs,
            @Nullable Instant crashed) {
        Sample of(Instant when) {
            return new Sample(at, served, runs, when);
        }

        boolean ofCrash() {
            return crashed != null && !crashed.equals(Instant.MAX);
        }
    }
}
