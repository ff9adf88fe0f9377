package dev.jwkscache.sidecar.history;

import dev.jwkscache.JwksCacheListener;
import dev.jwkscache.sidecar.configuration.Configuration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what is trusted when, one line for each change, as docs/history-format.md says.
 *
 * <p>Whatever the disk does, the caches go on: what cannot be written is warned of once, and when it can be again, the
 * record says since when it could not and goes on with the state of all providers. Thread-safe. Lines are written by the
 * thread that tells listeners, and not forced to the disk: a crash of the process loses none, one of the machine may lose
 * the last ones.
 */
public final class HistoryRecord implements AutoCloseable {
    /** Time servers correct clocks by less; what is more was a hand, or a machine that was restored. */
    private static final Duration NOTABLE_STEP = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger("jwks-cache");

    private final Path folder;
    private final HistoryFiles files;
    private final InstantSource wall;
    private final LongSupplier nanoTime;
    private final String run;
    private final Instant startedAt;
    private final List<CacheRecord> caches = new ArrayList<>();

    private Instant lastWall;
    private long lastNanos;
    private Instant lastAt;
    private boolean begun;
    private boolean warned;
    private boolean stopped;
    private int opened;
    private @Nullable Instant lostSince;

    private HistoryRecord(Configuration.History where, InstantSource wall, LongSupplier nanoTime) {
        this.folder = where.folder();
        this.files = new HistoryFiles(where.folder(), where.maxBytes(), where.maxFiles());
        this.wall = wall;
        this.nanoTime = nanoTime;
        byte[] random = new byte[6];
        new SecureRandom().nextBytes(random);
        this.run = HexFormat.of().formatHex(random);
        this.lastNanos = nanoTime.getAsLong();
        this.lastWall = millis(wall.instant());
        this.lastAt = lastWall;
        this.startedAt = lastWall;
        this.lostSince = startedAt;
    }

    /**
     * Begins to record. Makes the folder, for its user alone; if that fails, warns and tries again with each event.
     *
     * @param where the folder, the most bytes of one file, and how many full files are kept beside the one that is written
     */
    public static HistoryRecord open(Configuration.History where) {
        return open(where, InstantSource.system(), System::nanoTime);
    }

    /**
     * The same by other clocks.
     *
     * @param wall the time that is written down
     * @param nanoTime monotonic, in nanoseconds; tells when the other clock was set back
     */
    public static HistoryRecord open(Configuration.History where, InstantSource wall, LongSupplier nanoTime) {
        HistoryRecord record = new HistoryRecord(where, wall, nanoTime);
        record.tryResume(record.startedAt);
        return record;
    }

    /**
     * Makes the listener of one cache, to be given to its builder before it is built.
     *
     * @param provider the name of the provider; when its settings change, the cache that takes over gets another listener
     */
    public synchronized JwksCacheListener listenerFor(String provider) {
        return new CacheRecord(this, ++opened, provider);
    }

    /** Writes that nothing is trusted any more from now on; what listeners are told later is not recorded. */
    @Override
    public synchronized void close() {
        if (stopped) {
            return;
        }
        Instant now = now();
        List.copyOf(caches).forEach(cache -> cache.lapse(now));
        write(line(Event.STOPPED, now), now);
        stopped = true;
        caches.clear();
        try {
            files.close();
        } catch (IOException e) {
            warn(e);
        }
    }

    /** Does something to the record at one moment, alone. */
    synchronized void at(Consumer<Instant> action) {
        if (!stopped) {
            Instant now = now();
            if (lostSince != null) {
                tryResume(now);
            }
            action.accept(now);
        }
    }

    void add(CacheRecord cache) {
        caches.add(cache);
    }

    void remove(CacheRecord cache) {
        caches.remove(cache);
    }

    Line line(Event event, Instant at) {
        return Line.of(event, at, run);
    }

    /** Writes a line before what it tells becomes part of the state. */
    void write(Line line, Instant now) {
        byte[] bytes = line.bytes();
        // A file that was deleted is made anew at once; if that does not help, with the next event.
        if (tryWrite(bytes, now) != null) {
            Exception failure = tryWrite(bytes, now);
            if (failure != null) {
                warn(failure);
            }
        }
    }

    private synchronized void tryResume(Instant now) {
        try {
            resume(now);
        } catch (IOException | RuntimeException e) {
            warn(e);
        }
    }

    private @Nullable Exception tryWrite(byte[] bytes, Instant now) {
        try {
            if (lostSince != null) {
                resume(now);
            } else if (files.isFull(bytes.length)) {
                files.next();
                files.append(head(now));
            }
            files.append(bytes);
            return null;
        } catch (IOException | RuntimeException e) {
            if (lostSince == null) {
                lostSince = now;
            }
            return e;
        }
    }

    /** Begins, or goes on after a failure. */
    private void resume(Instant now) throws IOException {
        files.open();
        files.append(head(now));
        begun = true;
        lostSince = null;
        if (warned) {
            warned = false;
            LOG.atInfo().addKeyValue("folder", folder).log("jwks_history_recovered");
        }
    }

    /** What makes sense of the lines that follow, whatever is before them. */
    private byte[] head(Instant now) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        Line first = begun ? line(Event.CONTINUED, now).with("startedAt", startedAt) : line(Event.STARTED, startedAt);
        lines.writeBytes(first.with("format", Line.FORMAT).bytes());
        Instant lost = lostSince;
        if (lost != null && !lost.equals(now)) {
            lines.writeBytes(line(Event.GAP, now).with("from", lost).bytes());
        }
        caches.forEach(cache -> lines.writeBytes(cache.state(now).bytes()));
        return lines.toByteArray();
    }

    /** The time by the wall clock, which is only earlier than before when a line has told that it was set back. */
    private Instant now() {
        Instant shown = millis(wall.instant());
        long nanos = nanoTime.getAsLong();
        Duration elapsed = Duration.ofNanos(nanos - lastNanos).truncatedTo(ChronoUnit.MILLIS);
        Instant expected = lastWall.plus(elapsed);
        lastWall = shown;
        lastNanos = nanos;
        if (shown.isBefore(expected.minus(NOTABLE_STEP))) {
            lastAt = shown;
            caches.forEach(cache -> cache.rebase(shown));
            write(line(Event.CLOCK, shown).with("expected", expected).with("after", shown.minus(elapsed)), shown);
            caches.forEach(cache -> write(cache.state(shown), shown));
        } else if (shown.isAfter(lastAt)) {
            lastAt = shown;
        }
        return lastAt;
    }

    private void warn(Exception failure) {
        if (!warned) {
            warned = true;
            LOG.atWarn()
                    .addKeyValue("folder", folder)
                    .addKeyValue("error", failure.toString())
                    .log("jwks_history_failed");
        }
    }

    static Instant millis(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS);
    }
}
