package dev.jwkscache.sidecar.history;

import java.time.Instant;

/**
 * A stretch of time in which a sidecar ran.
 *
 * @param lane of its process
 * @param to its first moment after
 * @param recorded whether lines could be written
 */
record Stretch(int lane, Instant from, Instant to, boolean recorded) {

    /** One that the moment of its last line still belongs to. */
    static Stretch upTo(int lane, Instant from, Instant last) {
        return new Stretch(lane, from, last.plusNanos(1), true);
    }

    boolean covers(Instant time) {
        return !time.isBefore(from) && time.isBefore(to);
    }
}
