package dev.jwkscache.redis;

import dev.jwkscache.spi.RefusedSnapshotException;
import dev.jwkscache.spi.SnapshotFormat;
import dev.jwkscache.spi.SnapshotRefusal;
import dev.jwkscache.spi.StoredSnapshot;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is kept in the hash of an address as bytes, and what of it is believed. */
record Entries(SnapshotFormat format, FleetClock clock) {
    private static final Logger LOG = LoggerFactory.getLogger("jwks-cache");

    /** The largest document that a cache can be told to take, and its header. */
    static final int MAX_BYTES = (64 << 20) + 4 * SnapshotFormat.MAX_VALUE_LENGTH;

    /** What the script has handed over, as old as it can be. */
    Optional<StoredSnapshot> loaded(URI address, Answer answer) {
        try {
            return switch (answer.word()) {
                case "none" -> Optional.empty();
                case "long" ->
                    throw new RefusedSnapshotException(
                            SnapshotRefusal.TRUNCATED, "the snapshot has more than " + MAX_BYTES + " bytes");
                case "entry" -> Optional.of(read(address, answer.bytes(2), answer.number(3), answer.number(4)));
                default -> throw answer.nonsense();
            };
        } catch (RefusedSnapshotException e) {
            throw new CompletionException(e);
        }
    }

    private StoredSnapshot read(URI address, byte[] entry, long generation, long purged)
            throws RefusedSnapshotException {
        StoredSnapshot kept = format.read(address, entry);
        if (kept.generation() != generation) {
            throw new RefusedSnapshotException(
                    SnapshotRefusal.ALTERED, "the snapshot is kept under another generation than its own");
        }
        if (generation <= purged) {
            throw new RefusedSnapshotException(SnapshotRefusal.PURGED, "the snapshot was purged");
        }
        return new StoredSnapshot(
                address,
                kept.document(),
                kept.etag(),
                kept.lastModified(),
                FleetClock.atTheEarliest(kept.fetchedAt()),
                kept.generation());
    }

    /**
     * What shows that a purge was asked for by somebody with the key: a snapshot without a document, which no provider can
     * send. It is as hard to make up as any other.
     */
    byte[] proof(URI address, long generation) {
        return format.write(
                new StoredSnapshot(address, new byte[0], null, null, Instant.ofEpochMilli(clock.millis()), generation));
    }

    /** What to tell watchers, out of fields that may be empty. */
    Watching.Seen seen(URI address, byte[] generation, byte[] purged, byte[] proof) {
        long kept = Answer.digits(generation);
        boolean isPurged = purged.length > 0 && proof.length > 0;
        return new Watching.Seen(clock.plausible(kept) ? kept : 0, isPurged ? proven(address, proof) : 0);
    }

    private long proven(URI address, byte[] proof) {
        try {
            StoredSnapshot purge = format.read(address, proof);
            return purge.document().length == 0 ? purge.generation() : 0;
        } catch (RefusedSnapshotException e) {
            LOG.atDebug().addKeyValue("reason", e.refusal().label()).log("jwks_redis_purge_refused");
            return 0;
        }
    }
}
