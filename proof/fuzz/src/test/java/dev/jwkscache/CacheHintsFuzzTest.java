package dev.jwkscache;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.junit.Lifecycle;
import dev.jwkscache.RefreshState.InFlight;
import dev.jwkscache.Snapshot.Validators;
import dev.jwkscache.spi.OriginResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What a provider writes about time, followed through to the moment of the next fetch. */
class CacheHintsFuzzTest {
    private static final Duration MOST_FRESH = Duration.ofSeconds(1L << 31);
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Moment MOMENT = new Moment(1_000_000_000L, NOW.toEpochMilli());
    /** No date of HTTP is later than the end of the year 999999999. */
    private static final Duration MOST_QUIET = Duration.between(NOW, Instant.MAX);
    /** Moments of the wall clock are whole milliseconds. */
    private static final Duration GRAIN = Duration.ofMillis(1);

    private static final JwkSet KEYS = keys();

    private static final List<RefreshPolicy> POLICIES = List.of(
            policy(null, null, null, null, null),
            policy(60L, 60L, 60L, 60L, 5L),
            policy(3600L, 1800L, 10L, 86400L, 30L),
            policy(1L, 1L, null, 1L, 1L),
            policy(31536000L, 31536000L, 31536000L, 31536000L, 1L));

    @FuzzTest(lifecycle = Lifecycle.PER_TEST)
    @DictionaryFile(resourcePath = "headers.dict")
    void hintsStayWithinWhatTheSettingsAllow(byte[] octets) {
        HeaderLines lines = HeaderLines.of(octets);
        OriginResponse answer = new OriginResponse(200, lines.fields(), lines.content());
        Duration fresh = CacheHints.freshness(answer);
        Duration quiet = CacheHints.retryAfter(answer, NOW);
        Held.that(
                fresh == null || (!fresh.isNegative() && fresh.compareTo(MOST_FRESH) <= 0),
                "freshness within its cap",
                fresh);
        Held.that(
                quiet == null || (!quiet.isNegative() && quiet.compareTo(MOST_QUIET) <= 0),
                "quiet that is not negative",
                quiet);
        double random = octets.length == 0 ? 0 : (octets[octets.length - 1] & 0xff) / 256.0;
        for (RefreshPolicy policy : Held.of(POLICIES, octets.length)) {
            success(policy, fresh, random);
            failure(policy, quiet, random, octets.length % 71);
        }
    }

    private static void success(RefreshPolicy policy, Duration fresh, double random) {
        Snapshot snapshot = new Snapshot(KEYS, MOMENT, new Validators(null, null, "", 0), 1);
        RefreshState after = policy.succeeded(RefreshState.INITIAL, snapshot, fresh, MOMENT, random);
        Settings settings = policy.settings();
        Duration next = after.budgets().attemptAt().remaining(MOMENT);
        Duration most = times(settings.refreshInterval(), 1.1);
        // A schedule without hints varies by a tenth too, and keys are asked for before they expire, whatever else is
        // set.
        Duration least = shortest(
                settings.minRefreshInterval(), times(settings.refreshInterval(), 0.9), settings.latestRefresh());
        Held.that(next.compareTo(most) <= 0, "asked again in time", next);
        Held.that(next.plus(GRAIN).compareTo(least) >= 0, "not asked again too soon", next);
        Held.that(next.compareTo(settings.maxStaleness()) < 0, "asked again before the keys expire", next);
        Held.that(after.budgets().quietUntil() == null, "a good answer ends the quiet");
    }

    private static void failure(RefreshPolicy policy, Duration quiet, double random, int failuresBefore) {
        Settings settings = policy.settings();
        RefreshFailure failure = new RefreshFailure(FailureReason.STATUS, "status 503 instead of 200", NOW);
        RefreshTrigger[] triggers = RefreshTrigger.values();
        RefreshTrigger trigger = triggers[failuresBefore % triggers.length];
        RefreshState before = RefreshState.INITIAL.withInFlight(new InFlight(new Flight(trigger), MOMENT));
        if (failuresBefore > 0) {
            before = before.withFailures(new RefreshState.Failures(failuresBefore, NOW, failure));
        }
        RefreshState after = policy.failed(before, failure, quiet, MOMENT, random);
        Duration mostQuiet = longest(RefreshPolicy.MAX_QUIET, settings.timeToLive());
        Duration mostBackoff = longest(settings.refreshInterval(), Duration.ofMillis(100));
        Moment quietUntil = after.budgets().quietUntil();
        Held.that((quiet == null) == (quietUntil == null), "quiet where it was asked for, only there", quiet);
        Moment attempt = after.budgets().attemptAt();
        if (quiet != null) {
            Duration kept = quietUntil.remaining(MOMENT);
            Held.that(kept.compareTo(mostQuiet) <= 0, "quiet has a bound", kept);
            Held.that(
                    kept.plus(GRAIN).compareTo(shortest(quiet, mostQuiet)) >= 0,
                    "quiet as long as it was asked for",
                    kept);
            Held.that(attempt.remaining(MOMENT).compareTo(kept) >= 0, "no attempt in the quiet", attempt);
        }
        if (attempt != null) {
            Duration next = attempt.remaining(MOMENT);
            Held.that(
                    next.compareTo(quiet == null ? mostBackoff : longest(mostBackoff, mostQuiet)) <= 0,
                    "a failure is not waited out for ever",
                    next);
            Held.that(quiet != null || next.plus(GRAIN).compareTo(Duration.ofMillis(100)) >= 0, "no hammering", next);
        } else {
            Held.that(failuresBefore > 0 && !trigger.drivesBackoff(), "a failure has a next attempt", trigger);
        }
    }

    private static Duration times(Duration duration, double factor) {
        return Duration.ofNanos((long) (duration.toNanos() * factor));
    }

    private static Duration shortest(Duration... durations) {
        return List.of(durations).stream().min(Duration::compareTo).orElseThrow();
    }

    private static Duration longest(Duration... durations) {
        return List.of(durations).stream().max(Duration::compareTo).orElseThrow();
    }

    private static RefreshPolicy policy(Long timeToLive, Long refresh, Long least, Long staleness, Long timeout) {
        Settings.Draft draft = new Settings.Draft();
        draft.jwksUri = URI.create("https://idp.example/jwks.json");
        draft.timeToLive = seconds(timeToLive);
        draft.refreshInterval = seconds(refresh);
        draft.minRefreshInterval = seconds(least);
        draft.maxStaleness = seconds(staleness);
        draft.fetchTimeout = seconds(timeout);
        return new RefreshPolicy(draft.complete());
    }

    private static Duration seconds(Long count) {
        return count == null ? null : Duration.ofSeconds(count);
    }

    private static JwkSet keys() {
        try {
            return new JwkSetParser(KeyRules.STANDARD)
                    .parse(MadeUpKeys.document().getBytes(StandardCharsets.UTF_8));
        } catch (FetchException e) {
            throw new IllegalStateException(e);
        }
    }
}
