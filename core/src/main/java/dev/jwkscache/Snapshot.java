package dev.jwkscache;

import org.jspecify.annotations.Nullable;

/**
 * A key set with when and whence it came. Immutable, but for when somebody last glanced at it.
 *
 * <p>{@code sentAt} is when the request of the last validated fetch was sent: the one moment that age counts from.
 * {@code generation} is its place in the order of all snapshots of its address, whoever fetched them.
 */
final class Snapshot {
    private final JwkSet keys;
    private final Moment sentAt;
    private final Validators validators;
    private final long generation;
    private final Glance glance = new Glance();

    Snapshot(JwkSet keys, Moment sentAt, Validators validators, long generation) {
        this.keys = keys;
        this.sentAt = sentAt;
        this.validators = validators;
        this.generation = generation;
    }

    JwkSet keys() {
        return keys;
    }

    Moment sentAt() {
        return sentAt;
    }

    Validators validators() {
        return validators;
    }

    long generation() {
        return generation;
    }

    Glance glance() {
        return glance;
    }

    long ageNanos(Moment now) {
        return sentAt.nanosUntil(now);
    }

    long ageNanos(long nanos, long wallMillis) {
        return sentAt.nanosUntil(nanos, wallMillis);
    }

    /** Whether the wall clock makes it older than monotonic time does, so that {@link #seenAt} has something to note. */
    boolean looksOlderByWall(long nanos, long wallMillis) {
        return ageNanos(nanos, wallMillis) > nanos - sentAt.nanos();
    }

    /** The same snapshot, never to look younger again than it does now, whatever the wall clock is set to. */
    Snapshot seenAt(Moment now) {
        Moment anchored = sentAt.anchoredAt(now);
        return anchored.equals(sentAt) ? this : new Snapshot(keys, anchored, validators, generation);
    }

    /** What tells whether a document is the one at hand (RFC 9110 §8.8), its SHA-256 digest, and its size. */
    record Validators(@Nullable String etag, @Nullable String lastModified, String digest, int bytes) {

        boolean conditional() {
            return etag != null || lastModified != null;
        }
    }
}
