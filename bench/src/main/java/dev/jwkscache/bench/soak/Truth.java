package dev.jwkscache.bench.soak;

import dev.jwkscache.spi.OriginRequest;
import dev.jwkscache.spi.OriginResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is true of one cache by DESIGN 2.2 to 2.5, worked out from what its origin was asked and answered and from what
 * was asked of it; knows nothing of how the cache decides. Everything happens in one thread.
 */
final class Truth {
    private final Rules rules;
    private final Supplier<Reading> clock;
    private final Verdicts verdicts;
    private final List<Exchange> exchanges = new ArrayList<>();

    private @Nullable Trusted trusted;
    private final List<Trusted> replaced = new ArrayList<>();
    private long replacedInEpoch = -1;
    private @Nullable Reading replacedAt;
    private @Nullable Exchange flight;
    private @Nullable Reading quietFrom;
    private Duration quietFor = Duration.ZERO;
    private boolean quietBinds;
    private @Nullable Reading lastSuccess;
    private @Nullable Reading lastFailure;
    private boolean failing;
    private boolean distrusted;
    private @Nullable Reading scheduledSince;
    private boolean closed;
    private long epoch;
    private int disturbances;
    int successes;
    int failures;

    Truth(Rules rules, Supplier<Reading> clock, Verdicts verdicts) {
        this.rules = rules;
        this.clock = clock;
        this.verdicts = verdicts;
    }

    /** A new call begins: what was replaced before it may not be answered any more. */
    void newEpoch() {
        epoch++;
    }

    Exchange requested(OriginRequest request, Fault fault, KeySet content) {
        Reading now = clock.get();
        Exchange open = flight();
        if (closed) {
            verdicts.forbidden("a fetch", "a closed cache fetches", "none: close() ends everything");
        }
        if (open != null) {
            verdicts.forbidden("a fetch", "a second one while " + open + " is under way", "one at a time");
        }
        if (quiet(now)) {
            verdicts.forbidden(
                    "a fetch", "one during the quiet that the provider asked for", "none for " + quietFor + " after");
        }
        if (distrusted && !request.forced()) {
            verdicts.forbidden("a fetch after a purge", "one that an HTTP cache may answer", "Cache-Control: no-cache");
        }
        if (!request.timeout().equals(rules.fetchTimeout())) {
            verdicts.forbidden(
                    "a fetch",
                    "a deadline of " + request.timeout(),
                    rules.fetchTimeout().toString());
        }
        checkValidators(request);
        Exchange exchange = new Exchange(exchanges.size() + 1, now, request, fault, content, this);
        exchanges.add(exchange);
        flight = exchange;
        return exchange;
    }

    private void checkValidators(OriginRequest request) {
        Trusted set = trusted;
        boolean right = set == null
                ? request.etag() == null && request.lastModified() == null
                : (request.etag() == null || request.etag().equals(set.etag))
                        && (request.lastModified() == null
                                || request.lastModified().equals(set.lastModified));
        if (!right) {
            verdicts.forbidden(
                    "a conditional fetch",
                    "validators " + request.etag() + ", " + request.lastModified(),
                    "only those of the set at hand: " + (set == null ? "there is none" : set.etag));
        }
    }

    /** The origin has its answer and is about to hand it to the cache. */
    void answered(Exchange exchange, @Nullable OriginResponse response) {
        Reading now = clock.get();
        if (exchange != flight()) {
            return;
        }
        KeySet keys = response == null ? null : worth(exchange, response);
        if (keys == null) {
            failed(exchange, now, response);
            return;
        }
        Trusted before = trusted;
        Trusted set = new Trusted(keys, exchange.sent, now);
        set.etag = validator(response, "etag", before == null ? null : before.etag);
        set.lastModified = validator(response, "last-modified", before == null ? null : before.lastModified);
        exchange.loaded = keys;
        exchange.leastGap = leastGap(response, exchange, now);
        if (justReplaced(now).isEmpty()) {
            replaced.clear();
        }
        if (before != null) {
            replaced.add(before);
        }
        replacedInEpoch = epoch;
        replacedAt = now;
        trusted = set;
        end(exchange, Exchange.End.LOADED, now);
        lastSuccess = now;
        quietFrom = null;
        failing = false;
        distrusted = false;
        scheduled();
        successes++;
    }

    /** The keys that this answer loads or confirms (DESIGN 2.4), null where it may not replace anything. */
    private @Nullable KeySet worth(Exchange exchange, OriginResponse response) {
        OriginRequest request = exchange.request;
        boolean conditional = request.etag() != null || request.lastModified() != null;
        if (response.status() == 304 && conditional && trusted != null) {
            return trusted.keys;
        }
        boolean good = response.status() == 200 && exchange.fault.content() != Fault.Content.WORTHLESS;
        return good ? exchange.content : null;
    }

    private static @Nullable String validator(@Nullable OriginResponse response, String name, @Nullable String known) {
        Objects.requireNonNull(response);
        return response.header(name).orElse(response.status() == 304 ? known : null);
    }

    /** How soon the schedule may fetch again: earlier than the interval only for a hint, or because keys would expire. */
    private long leastGap(@Nullable OriginResponse response, Exchange exchange, Reading now) {
        Objects.requireNonNull(response);
        long gap = rules.refreshInterval().toNanos() / 10 * 9;
        if (response.header("cache-control").isPresent()) {
            gap = Math.min(gap, rules.minRefreshInterval().toNanos());
        }
        long untilHalfOfStaleness = rules.maxStaleness().toNanos() / 2 - now.since(exchange.sent);
        return Math.max(0, Math.min(gap, untilHalfOfStaleness));
    }

    private void failed(Exchange exchange, Reading now, @Nullable OriginResponse response) {
        end(exchange, Exchange.End.FAILED, now);
        lastFailure = now;
        failing = true;
        failures++;
        String retryAfter = response == null || response.status() == 200
                ? null
                : response.header("retry-after").orElse(null);
        if (retryAfter != null) {
            quietFrom = now;
            quietBinds = true;
            quietFor = rules.quiet(Duration.ofSeconds(Long.parseLong(retryAfter)));
        }
    }

    /** The cache has cancelled the exchange. */
    void cancelled(Exchange exchange) {
        Reading now = clock.get();
        if (exchange.end == Exchange.End.OPEN && !deadlinePassed(exchange, now)) {
            verdicts.forbidden(
                    "the end of " + exchange,
                    "given up after " + Duration.ofNanos(now.monotonicSince(exchange.sent)),
                    "not before the fetch timeout of " + rules.fetchTimeout());
        }
        flight();
    }

    void purged() {
        if (closed) {
            return;
        }
        overtake();
        trusted = null;
        replaced.clear();
        distrusted = true;
        disturbances++;
    }

    void closed() {
        overtake();
        trusted = null;
        replaced.clear();
        closed = true;
        disturbances++;
    }

    /** From now on, if not before, it has to fetch by itself. */
    void scheduled() {
        scheduledSince = scheduledSince == null ? clock.get() : scheduledSince;
    }

    private void overtake() {
        Exchange open = flight();
        if (open != null) {
            end(open, Exchange.End.OVERTAKEN, clock.get());
        }
    }

    private void end(Exchange exchange, Exchange.End how, Reading now) {
        exchange.end = how;
        exchange.ended = now;
        flight = null;
        disturbances++;
    }

    /** The one fetch under way; its deadline ends it, whether or not the cache has noticed yet. */
    @Nullable
    Exchange flight() {
        Exchange open = flight;
        Reading now = clock.get();
        if (open != null && deadlinePassed(open, now)) {
            failed(open, now, null);
        }
        return flight;
    }

    private boolean deadlinePassed(Exchange exchange, Reading now) {
        return now.monotonicSince(exchange.sent) >= rules.fetchTimeout().toNanos();
    }

    void clockShows() {
        quiet(clock.get());
        if (trusted != null) {
            trusted.clockShows(clock.get());
        }
    }

    /** Whether nothing may be fetched. Over by either clock is over for good: nobody has asked for quiet again. */
    boolean quiet(Reading now) {
        quietBinds = quietBinds && quietFrom != null && now.since(quietFrom) < quietFor.toNanos();
        return quietBinds;
    }

    /** Whether the provider has let at least that long pass since its quiet ended, by the monotonic clock. */
    boolean quietOverFor(Duration time, Reading now) {
        return quietFrom == null
                || now.monotonicSince(quietFrom) >= quietFor.plus(time).toNanos();
    }

    /** The sets that were at hand until this very call or instant; whoever read them just before may still be answered so. */
    List<Trusted> justReplaced(Reading now) {
        boolean just = replacedInEpoch == epoch && replacedAt != null && replacedAt.nanos() == now.nanos();
        return just ? replaced : List.of();
    }

    @Nullable
    Trusted trusted() {
        return trusted;
    }

    /** Whether there are keys that may be served, whichever reading of their age is right. */
    boolean surelyUsable(Reading now) {
        return trusted != null && rules.trust(trusted.mostAge(now)) != Rules.Trust.EXPIRED;
    }

    boolean surelyFresh(Reading now) {
        return trusted != null && rules.trust(trusted.mostAge(now)) == Rules.Trust.FRESH;
    }

    boolean failedAt(Reading now) {
        return lastFailure != null && lastFailure.nanos() == now.nanos();
    }

    /** Whether back-off, which is never longer than the refresh interval, cannot be running any more. */
    boolean backoffOver(Reading now) {
        return !failing
                || lastFailure == null
                || now.monotonicSince(lastFailure)
                        > rules.refreshInterval().plusMillis(1).toNanos();
    }

    Reading now() {
        return clock.get();
    }

    Rules rules() {
        return rules;
    }

    List<Exchange> exchanges() {
        return exchanges;
    }

    @Nullable
    Reading lastSuccess() {
        return lastSuccess;
    }

    boolean failing() {
        return failing;
    }

    boolean distrusted() {
        return distrusted;
    }

    boolean isScheduled() {
        return scheduledSince != null;
    }

    @Nullable
    Reading scheduledSince() {
        return scheduledSince;
    }

    boolean isClosed() {
        return closed;
    }

    /** Counts whatever may change the answer to a lookup that waits. */
    int disturbances() {
        return disturbances;
    }
}
