package dev.jwkscache.bench.soak;

import dev.jwkscache.JwkSet;
import dev.jwkscache.JwksCacheListener;
import dev.jwkscache.RefreshTrigger;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Judges when a cache fetches (DESIGN 2.5): which budget each fetch was made on is what the cache says in its events, and
 * each budget is bounded by what the driver asked for and by the settings, so that a false name does not help.
 */
final class FetchRules implements JwksCacheListener {
    private static final Duration MANUAL_GAP = Duration.ofSeconds(1);
    private static final Duration LEAST_BACKOFF = Duration.ofMillis(100);
    private static final Duration HOUR = Duration.ofHours(1);
    /** Due times on the wall clock are cut to milliseconds. */
    private static final long GRAIN = Duration.ofMillis(1).toNanos();

    private final Truth truth;
    private final Verdicts verdicts;
    private int next;
    private @Nullable Exchange lastMiss;
    private @Nullable Exchange lastManual;
    private @Nullable Exchange lastFailedStart;
    private @Nullable Exchange lastLoaded;
    private @Nullable Exchange lastDriving;
    /** When the driving fetches of this row of failures were sent, within the last hour. */
    private final Deque<Exchange> row = new ArrayDeque<>();

    private int leapsInRow;
    private int manualFetches;
    private int startFetches;
    private int manualWishes;
    private int startWishes;
    int told;
    int purgesTold;

    FetchRules(Truth truth, Verdicts verdicts) {
        this.truth = truth;
        this.verdicts = verdicts;
    }

    void manualWish() {
        manualWishes++;
    }

    void startWish() {
        startWishes++;
    }

    void leap() {
        leapsInRow++;
    }

    @Override
    public void refreshed(Refreshed event) {
        Exchange exchange = match(Exchange.End.LOADED, event.trigger());
        KeySet loaded = exchange == null ? null : exchange.loaded;
        if (loaded != null && !Judge.same(loaded, event.keys())) {
            forbidden("the event of " + exchange, "keys " + event.keys().kids(), loaded.toString());
        }
        JwkSet keys = event.keys();
        if (event.change().added().stream().anyMatch(jwk -> !keys.keys().contains(jwk))
                || event.change().removed().stream().anyMatch(jwk -> keys.keys().contains(jwk))) {
            forbidden("the event of " + exchange, event.change().toString(), "only added keys are in the set");
        }
    }

    @Override
    public void refreshFailed(RefreshFailed event) {
        match(Exchange.End.FAILED, event.trigger());
        if (event.failures() < 1) {
            forbidden("the event of a failure", event.failures() + " failures in a row", "at least this one");
        }
    }

    @Override
    public void purged(URI address) {
        purgesTold++;
    }

    /** The fetch that an event tells of: an event comes when its fetch ends, those of fetches made inside that first. */
    private @Nullable Exchange match(Exchange.End end, RefreshTrigger trigger) {
        told++;
        truth.flight();
        List<Exchange> all = truth.exchanges();
        for (int i = all.size() - 1; i >= next; i--) {
            Exchange exchange = all.get(i);
            if (exchange.end == end && exchange.trigger == null) {
                exchange.trigger = trigger;
                return exchange;
            }
        }
        forbidden("an event", trigger.label() + " " + end, "none: no fetch has ended so");
        return null;
    }

    /** Judges the fetches whose makers are known by now, in the order in which they were sent. */
    void judge() {
        List<Exchange> all = truth.exchanges();
        while (next < all.size() && all.get(next).settled()) {
            Exchange exchange = all.get(next++);
            RefreshTrigger trigger = exchange.trigger;
            if (trigger != null) {
                judge(exchange, trigger);
            }
        }
        if (manualFetches > manualWishes + startWishes) {
            forbidden("fetches by hand", manualFetches + "", "at most one for each wish: " + manualWishes);
        }
        if (startFetches > startWishes) {
            forbidden("fetches by start()", startFetches + "", "at most one for each call: " + startWishes);
        }
    }

    private void judge(Exchange exchange, RefreshTrigger trigger) {
        boolean forced = trigger == RefreshTrigger.MISS || trigger == RefreshTrigger.MANUAL || exchange.distrusted;
        if (exchange.request.forced() != forced) {
            forbidden(exchange.toString(), "forced: " + exchange.request.forced(), "forced: " + forced);
        }
        switch (trigger) {
            case MISS -> {
                gap(
                        exchange,
                        lastMiss == null ? null : lastMiss.sent,
                        truth.rules().missCooldown(),
                        "the miss cooldown");
                lastMiss = exchange;
            }
            case MANUAL -> {
                manualFetches++;
                gap(exchange, lastManual == null ? null : lastManual.sent, MANUAL_GAP, "the last manual fetch");
                lastManual = exchange;
            }
            case START -> {
                startFetches++;
                gap(
                        exchange,
                        lastFailedStart == null ? null : lastFailedStart.ended,
                        MANUAL_GAP,
                        "the last failed start");
                lastFailedStart = exchange.end == Exchange.End.FAILED ? exchange : lastFailedStart;
            }
            case SCHEDULE, RECOVERY -> judgeDriving(exchange, trigger);
            case STORE -> forbidden(exchange.toString(), "a fetch because of a store", "none: there is no store");
        }
        if (exchange.end == Exchange.End.LOADED) {
            lastLoaded = exchange;
            lastDriving = null;
            row.clear();
            leapsInRow = 0;
        } else if (trigger == RefreshTrigger.SCHEDULE || trigger == RefreshTrigger.RECOVERY) {
            lastDriving = exchange;
        }
    }

    private void judgeDriving(Exchange exchange, RefreshTrigger trigger) {
        if (trigger == RefreshTrigger.RECOVERY && !exchange.needed) {
            forbidden(exchange.toString(), "a fetch to recover", "none: the keys are fresh");
        }
        if (lastDriving != null) {
            gap(exchange, lastDriving.ended, LEAST_BACKOFF, "the failure before");
        } else if (trigger == RefreshTrigger.SCHEDULE
                && lastLoaded != null
                && row.isEmpty()
                && !afterFailure(exchange)) {
            gap(exchange, lastLoaded.ended, Duration.ofNanos(lastLoaded.leastGap), "the last refresh");
        }
        row.addLast(exchange);
        while (exchange.sent.monotonicSince(row.getFirst().sent) > HOUR.toNanos()) {
            row.removeFirst();
        }
        if (row.size() > mostInAnHour()) {
            forbidden(
                    exchange.toString(),
                    row.size() + " attempts within "
                            + Duration.ofNanos(exchange.sent.monotonicSince(row.getFirst().sent)),
                    "back-off with full jitter makes at most about " + mostInAnHour());
        }
    }

    /** Whether a fetch on another budget failed since the last success: that begins back-off, so sooner is right. */
    private boolean afterFailure(Exchange exchange) {
        List<Exchange> all = truth.exchanges();
        int before = exchange.number - 2;
        return before >= 0 && all.get(before) != lastLoaded;
    }

    /** Far in the tail of the sum of full-jitter delays, so that luck alone never reaches it. */
    private int mostInAnHour() {
        double ceilings =
                (double) HOUR.toNanos() / truth.rules().refreshInterval().toNanos();
        double growing = Math.log(truth.rules().refreshInterval().toSeconds() + 2.0) / Math.log(2);
        return (int) (2 * ceilings + 8 * Math.sqrt(ceilings) + 2 * growing + 14) + leapsInRow;
    }

    private void gap(Exchange exchange, @Nullable Reading since, Duration least, String what) {
        if (since != null && exchange.sent.since(since) < least.toNanos() - GRAIN) {
            forbidden(
                    exchange.toString(),
                    "sent " + Duration.ofNanos(exchange.sent.since(since)) + " after " + what,
                    "not before " + least);
        }
    }

    private void forbidden(String asked, String answered, String allowed) {
        verdicts.forbidden(asked, answered, allowed + "; " + truth.rules());
    }
}
