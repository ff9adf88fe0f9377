package dev.jwkscache;

import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.spi.RefusedSnapshotException;
import dev.jwkscache.spi.SnapshotRefusal;
import dev.jwkscache.spi.StoredSnapshot;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns snapshots into what a store keeps and back. What comes back passes the checks of a fetch, keeps its age, and is
 * believed no longer than what was fetched.
 */
final class StoredSnapshots {
    private final Settings settings;
    private final DocumentReader reader;
    /** The bytes of the set at hand: a provider that confirms it does not send them again. */
    private volatile @Nullable Kept last;

    StoredSnapshots(Settings settings) {
        this.settings = settings;
        this.reader = DocumentReader.of(settings);
    }

    /**
     * Reads what a store keeps.
     *
     * @param atHand the set at hand, whose keys are used again if the document is the same
     * @param purged the generation up to which nothing is believed
     * @throws RefusedSnapshotException if it may not be used
     */
    Snapshot read(StoredSnapshot stored, @Nullable Snapshot atHand, long purged, Moment now)
            throws RefusedSnapshotException {
        if (!stored.address().equals(settings.address())) {
            throw new RefusedSnapshotException(SnapshotRefusal.ADDRESS, "it is of another address");
        }
        if (stored.generation() <= purged) {
            throw new RefusedSnapshotException(SnapshotRefusal.PURGED, "it was fetched before the purge");
        }
        long fetchedAt = stored.fetchedAt().toEpochMilli();
        Duration age = Duration.ofMillis(now.wallMillis() - fetchedAt);
        if (age.isNegative()) {
            throw new RefusedSnapshotException(
                    SnapshotRefusal.FUTURE,
                    "it was fetched " + Settings.seconds(age.negated())
                            + " from now by the wall clock; check the clocks");
        }
        if (age.compareTo(settings.maxStaleness()) > 0) {
            throw new RefusedSnapshotException(
                    SnapshotRefusal.TOO_OLD,
                    "it is " + Settings.seconds(age) + " old, past max staleness of "
                            + Settings.seconds(settings.maxStaleness()));
        }
        try {
            OriginResponse response = response(stored);
            DocumentReader.Document document = reader.read(response, atHand);
            last = new Kept(document.validators().digest(), response);
            Moment sentAt = new Moment(now.nanos() - age.toNanos(), fetchedAt);
            return new Snapshot(document.keys(), sentAt, document.validators(), stored.generation());
        } catch (FetchException unusable) {
            throw new RefusedSnapshotException(SnapshotRefusal.DOCUMENT, unusable.detail());
        } catch (RuntimeException | Error broken) {
            throw new RefusedSnapshotException(
                    SnapshotRefusal.DOCUMENT,
                    "its document cannot be read: " + broken.getClass().getSimpleName());
        }
    }

    /** What to keep of a fetch; null when it confirmed a document whose bytes are not at hand. */
    @Nullable
    StoredSnapshot write(Snapshot snapshot, OriginResponse response) {
        Snapshot.Validators validators = snapshot.validators();
        if (response.status() == 200) {
            last = new Kept(validators.digest(), response);
        }
        Kept kept = last;
        if (kept == null || !kept.digest().equals(validators.digest())) {
            return null;
        }
        return new StoredSnapshot(
                settings.address(),
                kept.response().body(),
                validators.etag(),
                validators.lastModified(),
                snapshot.sentAt().wall(),
                snapshot.generation());
    }

    private static OriginResponse response(StoredSnapshot stored) {
        Map<String, List<String>> headers = new HashMap<>();
        put(headers, "etag", stored.etag());
        put(headers, "last-modified", stored.lastModified());
        return new OriginResponse(200, headers, stored.document());
    }

    private static void put(Map<String, List<String>> headers, String name, @Nullable String value) {
        if (value != null) {
            headers.put(name, List.of(value));
        }
    }

    private record Kept(String digest, OriginResponse response) {}
}
