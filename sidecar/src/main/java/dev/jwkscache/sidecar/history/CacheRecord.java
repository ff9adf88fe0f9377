package dev.jwkscache.sidecar.history;

import dev.jwkscache.CacheState;
import dev.jwkscache.CacheStatus;
import dev.jwkscache.JwkSet;
import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksCacheListener;
import dev.jwkscache.sidecar.history.TrustedKey.Source;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one cache trusts, as far as it was told; everything happens in {@link HistoryRecord#at}. */
final class CacheRecord implements JwksCacheListener {
    /** A confirmation that prolongs trust by less need not be written at once. */
    private static final Duration SMALL_GAIN = Duration.ofMinutes(1);

    private final HistoryRecord record;
    private final int number;
    private final String provider;
    private final Map<String, TrustedKey> trusted = new LinkedHashMap<>();

    private @Nullable JwksCache cache;
    /** The last moment at which the keys may be served, if nothing else happens. */
    private Instant until = Instant.EPOCH;
    /** The same as the record says; earlier while a small gain is not written. */
    private Instant written = Instant.EPOCH;

    CacheRecord(HistoryRecord record, int number, String provider) {
        this.record = record;
        this.number = number;
        this.provider = provider;
    }

    @Override
    public void opened(JwksCache opened) {
        record.at(now -> {
            record.write(line(Event.OPENED, now).with("address", address(opened)), now);
            cache = opened;
            record.add(this);
        });
    }

    @Override
    public void refreshed(Refreshed event) {
        Source source = event.stored() ? Source.STORE : Source.PROVIDER;
        record.at(now -> hold(event.keys(), source, now));
    }

    @Override
    public void refreshFailed(RefreshFailed event) {
        record.at(now -> {
            lapse(now);
            if (written.isBefore(until) && !trusted.isEmpty()) {
                renew(now);
            }
        });
    }

    @Override
    public void purged(URI address) {
        record.at(now -> {
            lapse(now);
            record.write(line(Event.PURGED, now), now);
            trusted.clear();
            JwksCache purged = cache;
            // A fetch that ended at the same moment may have been told of before.
            if (purged != null && purged.status().state() == CacheState.FRESH) {
                hold(purged.get(), Source.PROVIDER, now);
            }
        });
    }

    @Override
    public void closed(JwksCache closed) {
        record.at(now -> {
            lapse(now);
            record.write(line(Event.CLOSED, now), now);
            trusted.clear();
            cache = null;
            record.remove(this);
        });
    }

    /** Tells if the keys have expired since the last event. */
    void lapse(Instant now) {
        if (!trusted.isEmpty() && now.isAfter(until)) {
            record.write(line(Event.EXPIRED, until).with("told", now), now);
            trusted.clear();
        }
    }

    /** The clock was set back: what the keys have left ends earlier by it. */
    void rebase(Instant now) {
        if (cache != null) {
            cache.status().timeToExpiry().ifPresent(left -> until = end(now, left));
        }
    }

    /** All that is trusted. */
    Line state(Instant now) {
        Line line = line(Event.STATE, now).with("until", trusted.isEmpty() ? null : until);
        written = until;
        return line.with("address", cache == null ? null : address(cache)).withKeys(trusted.values());
    }

    private void hold(JwkSet keys, Source source, Instant now) {
        CacheStatus status = cache == null ? null : cache.status();
        Duration left = status == null ? null : status.timeToExpiry().orElse(null);
        if (left == null) {
            // Purged or closed since: nobody is served these keys any more.
            return;
        }
        lapse(now);
        until = end(now, left);
        Map<String, TrustedKey> current = new LinkedHashMap<>();
        keys.keys().forEach(key -> {
            TrustedKey found = TrustedKey.of(key, now, source);
            current.put(found.identity(), found);
        });
        List<TrustedKey> gone = trusted.values().stream()
                .filter(key -> !current.containsKey(key.identity()))
                .toList();
        List<TrustedKey> come = current.values().stream()
                .filter(key -> !trusted.containsKey(key.identity()))
                .toList();
        for (TrustedKey key : gone) {
            record.write(line(Event.WITHDRAWN, now).withKey(key).with("until", until), now);
            trusted.remove(key.identity());
        }
        for (TrustedKey key : come) {
            record.write(line(Event.TRUSTED, now).withKey(key).with("until", until), now);
            trusted.put(key.identity(), key);
        }
        if (!gone.isEmpty() || !come.isEmpty()) {
            written = until;
        } else if (!isSmallGain(now)) {
            renew(now);
        }
    }

    /** Whether what the record says will do until the next event, and for the case that there is none. */
    private boolean isSmallGain(Instant now) {
        Duration gain = Duration.between(written, until);
        Duration left = Duration.between(now, written);
        return gain.compareTo(SMALL_GAIN) < 0 && gain.multipliedBy(2).compareTo(left) < 0;
    }

    private void renew(Instant now) {
        record.write(line(Event.RENEWED, now).with("until", until), now);
        written = until;
    }

    private Line line(Event event, Instant at) {
        return record.line(event, at).with("cache", number).with("provider", provider);
    }

    private static Instant end(Instant now, Duration left) {
        return HistoryRecord.millis(now.plus(left));
    }

    private static String address(JwksCache cache) {
        return cache.status().address().toString();
    }
}
