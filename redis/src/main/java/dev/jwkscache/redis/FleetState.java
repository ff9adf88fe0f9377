package dev.jwkscache.redis;

import dev.jwkscache.spi.FleetStore.FleetFailure;
import dev.jwkscache.spi.StoredSnapshot;
import dev.jwkscache.spi.Turn;
import dev.jwkscache.spi.TurnRequest;
import dev.jwkscache.spi.TurnRequest.Kind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a fleet knows of one address and what it decides, in milliseconds since 1970: the same as {@code snapshot.lua}, line
 * for line. Not thread-safe.
 */
final class FleetState {
    private @Nullable StoredSnapshot entry;
    private long granted;
    private long purged;
    private long turnAt;
    private long leaseGeneration;
    private long leaseSince;
    private long leaseUntil;
    private long missAt;
    private int failures;
    private String failReason = "";
    private long failedAt;
    private long failUntil;
    private long quietUntil;

    @Nullable
    StoredSnapshot entry() {
        return entry;
    }

    /** That of what is kept; 0 when nothing is. */
    long generation() {
        return entry == null ? 0 : entry.generation();
    }

    long purged() {
        return purged;
    }

    Turn turn(TurnRequest request, long now) {
        boolean manual = request.kind() == Kind.MANUAL;
        boolean miss = request.kind() == Kind.MISS;
        if (!manual && generation() > request.known()) {
            return new Turn.Newer(generation());
        }
        boolean quiet = failedAt <= now && quietUntil > now;
        boolean paused = failedAt <= now && failUntil > now && !miss && !manual;
        Duration pause = Duration.ofMillis(Math.max(quiet ? quietUntil : 0, paused ? failUntil : 0) - now);
        if (quiet) {
            return new Turn.Failing(failures, failReason, pause);
        }
        if (!manual) {
            long ends = Math.min(leaseUntil, leaseSince + request.takeover().toMillis());
            if (leaseSince <= now && ends > now) {
                return new Turn.Taken(Duration.ofMillis(ends - now));
            }
            long spacing = request.spacing().toMillis();
            if (miss && missAt <= now && missAt + spacing > now) {
                return new Turn.Early(Duration.ofMillis(missAt + spacing - now));
            }
            if (paused) {
                return new Turn.Failing(failures, failReason, pause);
            }
            long due = turnAt + spacing;
            if (request.kind() == Kind.SCHEDULE && entry != null && turnAt <= now && due > now) {
                return new Turn.Early(Duration.ofMillis(due - now));
            }
        }
        long last = Math.max(Math.max(granted, purged), Math.max(generation(), request.known()));
        granted = Math.max(now, last + 1);
        leaseGeneration = granted;
        leaseSince = now;
        leaseUntil = now + request.lease().toMillis();
        if (miss) {
            missAt = now;
        }
        return new Turn.Granted(granted, failures);
    }

    /** Whether the snapshot is kept. */
    boolean publish(StoredSnapshot snapshot, long now) {
        long generation = snapshot.generation();
        long began = now;
        if (leaseGeneration == generation) {
            began = leaseSince;
            endLease();
        }
        if (generation <= purged || generation <= generation()) {
            return false;
        }
        entry = snapshot;
        granted = Math.max(granted, generation);
        turnAt = began;
        failures = 0;
        failedAt = 0;
        failUntil = 0;
        quietUntil = 0;
        return true;
    }

    void failed(long generation, FleetFailure failure, long now) {
        if (leaseGeneration != generation) {
            return;
        }
        failures = failure.failures();
        failReason = failure.reason();
        failedAt = now;
        failUntil = now + failure.pause().toMillis();
        quietUntil = now + failure.quiet().toMillis();
        endLease();
    }

    void purge(long generation) {
        purged = Math.max(purged, generation);
        granted = Math.max(granted, purged);
        if (generation() <= purged) {
            entry = null;
            turnAt = 0;
        }
        if (leaseGeneration <= purged) {
            endLease();
        }
    }

    private void endLease() {
        leaseGeneration = 0;
        leaseSince = 0;
        leaseUntil = 0;
    }
}
