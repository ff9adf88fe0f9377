package dev.jwkscache.sidecar.history;

import dev.jwkscache.sidecar.history.Change.What;
import dev.jwkscache.sidecar.history.Trust.End;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns the lines of one lane, in their order, into what was trusted when. Not thread-safe. */
final class Replay {
    private final int lane;
    private final List<Trust> trusts = new ArrayList<>();
    private final List<Stretch> stretches = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private final Map<Integer, Kept> caches = new LinkedHashMap<>();

    /** The run whose lines are read; null between two. */
    private @Nullable String run;

    private Instant recordedFrom = Instant.MIN;
    private Instant last = Instant.MIN;
    /** Whether the states of all providers follow because the clock was set back. */
    private boolean setBack;

    Replay(int lane) {
        this.lane = lane;
    }

    List<Trust> trusts() {
        return trusts;
    }

    List<Stretch> stretches() {
        return stretches;
    }

    List<Change> changes() {
        return changes;
    }

    /** Reads the next line; false if it is none. */
    boolean read(String text) {
        Line line;
        Runnable effect;
        Instant written;
        try {
            line = Line.parse(text);
            effect = effect(line);
            // That keys have expired is told with the next event.
            written = line.event() == Event.EXPIRED ? line.instant("told") : line.at();
        } catch (RuntimeException e) {
            return false;
        }
        if (!line.text("run").equals(run)) {
            begin(line);
        }
        setBack &= line.event() == Event.STATE;
        effect.run();
        if (run != null) {
            last = written;
        }
        return true;
    }

    /** There are no more lines. */
    void end(boolean running, Instant now) {
        if (run == null) {
            return;
        }
        if (!running) {
            breakOff(Instant.MAX);
            return;
        }
        Instant end = now.isAfter(last) ? now : last;
        stretches.add(Stretch.upTo(lane, recordedFrom, end));
        for (Kept cache : caches.values()) {
            boolean expired = cache.until.isBefore(end);
            cache.closeAll(
                    expired ? cache.until : null, expired ? cache.until : end, expired ? End.EXPIRED : End.STILL);
        }
    }

    /** Everything is read before anything takes effect, so that a bad line has none. */
    private Runnable effect(Line line) {
        Instant at = line.at();
        return switch (line.event()) {
            case STARTED, CONTINUED -> () -> {};
            case STOPPED -> () -> stop(at);
            case CLOCK -> {
                Instant expected = line.instant("expected");
                Instant after = line.instant("after");
                yield () -> setBack(expected, after, at);
            }
            case GAP -> {
                Instant from = line.instant("from");
                yield () -> lose(from, at);
            }
            case OPENED, STATE, TRUSTED, RENEWED, WITHDRAWN, EXPIRED, PURGED, CLOSED -> effectOnCache(line, at);
        };
    }

    private Runnable effectOnCache(Line line, Instant at) {
        int number = line.number("cache");
        String provider = line.text("provider");
        String address = line.has("address") ? line.text("address") : null;
        Instant until = line.has("until") ? line.instant("until") : null;
        TrustedKey key = line.event() == Event.TRUSTED || line.event() == Event.WITHDRAWN ? line.key() : null;
        List<TrustedKey> keys = line.event() == Event.STATE ? line.keys() : List.of();
        return () -> {
            Kept cache = caches.computeIfAbsent(number, n -> new Kept(provider));
            cache.address = address == null ? cache.address : address;
            cache.until = until == null ? cache.until : until;
            switch (line.event()) {
                case TRUSTED -> cache.open(key, at);
                case WITHDRAWN -> cache.close(key, at, End.WITHDRAWN);
                case STATE -> cache.restate(keys, at);
                case EXPIRED -> cache.closeAll(at, at, End.EXPIRED);
                case PURGED -> {
                    changes.add(new Change(at, What.PURGED, provider, null, null));
                    cache.closeAll(at, at, End.PURGED);
                }
                case CLOSED -> {
                    changes.add(new Change(at, What.CLOSED, provider, null, null));
                    cache.closeAll(at, at, End.CLOSED);
                    caches.remove(number);
                }
                default -> {}
            }
        };
    }

    private void begin(Line line) {
        if (run != null) {
            breakOff(line.at());
        }
        run = line.text("run");
        recordedFrom = line.at();
        last = line.at();
        caches.clear();
        if (line.event() == Event.STARTED) {
            changes.add(new Change(line.at(), What.STARTED, null, null, null));
        }
    }

    private void stop(Instant at) {
        caches.values().forEach(cache -> cache.closeAll(at, at, End.STOPPED));
        stretches.add(new Stretch(lane, recordedFrom, at, true));
        changes.add(new Change(at, What.STOPPED, null, null, null));
        caches.clear();
        run = null;
    }

    /** The run ended without a word, before {@code next} began: some time after its last line. */
    private void breakOff(Instant next) {
        stretches.add(Stretch.upTo(lane, recordedFrom, last));
        for (Kept cache : caches.values()) {
            if (!cache.until.isAfter(last)) {
                cache.closeAll(cache.until, cache.until, End.EXPIRED);
            } else {
                Instant latest = next.isAfter(last) ? next : last;
                cache.closeAll(cache.until.isBefore(latest) ? cache.until : latest, last, End.UNKNOWN);
            }
        }
        changes.add(new Change(last, What.BROKEN_OFF, null, null, null));
        caches.clear();
        run = null;
    }

    private void setBack(Instant expected, Instant after, Instant at) {
        caches.values().forEach(cache -> cache.closeAll(expected, expected, End.CLOCK));
        stretches.add(new Stretch(lane, recordedFrom, expected, true));
        changes.add(new Change(at, What.CLOCK, null, null, expected));
        recordedFrom = after;
        setBack = true;
    }

    private void lose(Instant from, Instant at) {
        caches.values().forEach(cache -> cache.closeAll(from, from, End.UNRECORDED));
        if (from.isAfter(recordedFrom)) {
            stretches.add(new Stretch(lane, recordedFrom, from, true));
        }
        stretches.add(new Stretch(lane, from, at, false));
        changes.add(new Change(from, What.GAP, null, null, at));
        recordedFrom = at;
    }

    /** The keys of one cache. */
    private final class Kept {
        private final String provider;
        private final Map<String, Since> keys = new LinkedHashMap<>();
        private @Nullable String address;
        private Instant until = Instant.MIN;

        Kept(String provider) {
            this.provider = provider;
        }

        void open(@Nullable TrustedKey key, Instant at) {
            if (key != null && keys.putIfAbsent(key.identity(), new Since(key, at)) == null) {
                changes.add(new Change(at, What.TRUSTED, provider, key, null));
            }
        }

        void close(@Nullable TrustedKey key, Instant at, End end) {
            Since open = key == null ? null : keys.remove(key.identity());
            if (open != null) {
                end(open, at, at, end);
            }
        }

        /** Each file begins with it; it only tells something new where lines are missing. */
        void restate(List<TrustedKey> stated, Instant at) {
            Map<String, TrustedKey> current = new LinkedHashMap<>();
            stated.forEach(key -> current.put(key.identity(), key));
            List.copyOf(keys.values()).stream()
                    .filter(open -> !current.containsKey(open.key.identity()))
                    .forEach(open -> close(open.key, at, End.UNRECORDED));
            for (TrustedKey key : current.values()) {
                Instant from = key.since().isAfter(recordedFrom) && !setBack ? key.since() : recordedFrom;
                if (keys.putIfAbsent(key.identity(), new Since(key, from)) == null && !isTold(key)) {
                    changes.add(new Change(key.since(), What.TRUSTED, provider, key, null));
                }
            }
        }

        void closeAll(@Nullable Instant to, Instant knownTo, End end) {
            keys.values().forEach(open -> end(open, to, knownTo, end));
            keys.clear();
        }

        private void end(Since open, @Nullable Instant to, Instant knownTo, End end) {
            trusts.add(new Trust(provider, address, open.key, open.from, to, knownTo, end));
            if (end == End.WITHDRAWN && to != null) {
                changes.add(new Change(to, What.WITHDRAWN, provider, open.key, null));
            } else if (end == End.EXPIRED && to != null) {
                changes.add(new Change(to, What.EXPIRED, provider, open.key, null));
            }
        }

        private boolean isTold(TrustedKey key) {
            return trusts.stream()
                    .anyMatch(trust ->
                            trust.provider().equals(provider) && trust.key().equals(key));
        }
    }

    private record Since(TrustedKey key, Instant from) {}
}
