package dev.jwkscache.sidecar;

import dev.jwkscache.JwksCache;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The main settings of a cache as options; the variables of the library are their defaults. */
final class CacheOptions {
    private static final String SECONDS = "<seconds>";

    @Option(
            names = {"--time-to-live", "--ttl"},
            paramLabel = SECONDS,
            converter = Spans.Converter.class,
            description = "How long keys are fresh (JWKS_TTL_SECONDS; 600).")
    private @Nullable Duration timeToLive;

    @Option(
            names = "--refresh-interval",
            paramLabel = SECONDS,
            converter = Spans.Converter.class,
            description = "Time between refreshes (JWKS_REFRESH_INTERVAL; half the time to live).")
    private @Nullable Duration refreshInterval;

    @Option(
            names = "--fetch-timeout",
            paramLabel = SECONDS,
            converter = Spans.Converter.class,
            description = "Deadline over a whole fetch (JWKS_FETCH_TIMEOUT; 5).")
    private @Nullable Duration fetchTimeout;

    @Option(
            names = "--max-staleness",
            paramLabel = SECONDS,
            converter = Spans.Converter.class,
            description = "Age past which no key is served (JWKS_MAX_STALENESS; 3600).")
    private @Nullable Duration maxStaleness;

    @Option(names = "--allow-plain-http", description = "Allow http beyond loopback.")
    private boolean plainHttpAllowed;

    private final Map<String, String> environment;

    CacheOptions(Map<String, String> environment) {
        this.environment = environment;
    }

    boolean plainHttpAllowed() {
        return plainHttpAllowed;
    }

    /**
     * Begins a cache with these settings.
     *
     * @throws CommandFailure if a variable is no number of seconds; the message lists all of them
     */
    JwksCache.Builder builder(URI address) {
        JwksCache.Builder builder = JwksCache.builder(address).allowPlainHttp(plainHttpAllowed);
        List<String> faults = new ArrayList<>();
        set(timeToLive, "JWKS_TTL_SECONDS", faults, builder::timeToLive);
        set(refreshInterval, "JWKS_REFRESH_INTERVAL", faults, builder::refreshInterval);
        set(fetchTimeout, "JWKS_FETCH_TIMEOUT", faults, builder::fetchTimeout);
        set(maxStaleness, "JWKS_MAX_STALENESS", faults, builder::maxStaleness);
        if (!faults.isEmpty()) {
            throw new CommandFailure(String.join("; ", faults));
        }
        return builder;
    }

    /** The option where it is given, else the variable; where neither is, the library's default stays. */
    private void set(@Nullable Duration option, String variable, List<String> faults, Consumer<Duration> setting) {
        if (option != null) {
            setting.accept(option);
            return;
        }
        String value = environment.getOrDefault(variable, "").strip();
        if (value.isEmpty()) {
            return;
        }
        try {
            setting.accept(Spans.parse(value));
        } catch (IllegalArgumentException e) {
            faults.add(variable + " is '" + value + "'; it " + Spans.RULE);
        }
    }
}
