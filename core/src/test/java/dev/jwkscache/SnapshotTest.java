package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.Snapshot.Validators;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnapshotTest {
    private static final Moment SENT = new Moment(7_000_000L, 100L);

    private final Snapshot snapshot =
            new Snapshot(new JwkSet(List.of(), List.of(), 0), SENT, new Validators(null, null, "", 0), 1);

    @ParameterizedTest
    @CsvSource({
        // passed on the monotonic clock, on the wall clock, age; in milliseconds
        "0, 0, 0",
        "5, 5, 5",
        "5, 4, 5",
        "5, 6, 6",
        "5, -50, 5"
    })
    void itIsAsOldAsTheClockSaysThatSaysMore(long monotonic, long wall, long age) {
        Moment now = new Moment(SENT.nanos() + monotonic * 1_000_000, SENT.wallMillis() + wall);

        assertThat(snapshot.ageNanos(now)).isEqualTo(age * 1_000_000);
        assertThat(snapshot.ageNanos(now.nanos(), now.wallMillis())).isEqualTo(age * 1_000_000);
        assertThat(snapshot.looksOlderByWall(now.nanos(), now.wallMillis())).isEqualTo(wall > monotonic);
        assertThat(snapshot.seenAt(now).sentAt()).isEqualTo(wall > monotonic ? SENT.anchoredAt(now) : SENT);
    }

    @Test
    void oneThatNeverLookedOlderStaysTheSame() {
        assertThat(snapshot.seenAt(SENT)).isSameAs(snapshot);
        assertThat(snapshot.glance()).isNotNull();
    }
}
