package dev.jwkscache;

import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the five variables of the original module: seconds, decimals allowed. */
final class EnvironmentVariables {
    private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000L);
    private static final BigDecimal MOST_SECONDS = BigDecimal.valueOf(365L * 24 * 3600);

    private EnvironmentVariables() {}

    static Settings.Draft read(Map<String, String> environment) {
        Settings.Draft draft = new Settings.Draft();
        draft.jwksUri = address(environment, draft);
        draft.timeToLive = seconds(environment, "JWKS_TTL_SECONDS", draft);
        draft.refreshInterval = seconds(environment, "JWKS_REFRESH_INTERVAL", draft);
        draft.fetchTimeout = seconds(environment, "JWKS_FETCH_TIMEOUT", draft);
        draft.maxStaleness = seconds(environment, "JWKS_MAX_STALENESS", draft);
        return draft;
    }

    private static @Nullable URI address(Map<String, String> environment, Settings.Draft draft) {
        String value = environment.getOrDefault("JWKS_URI", "").strip();
        if (value.isEmpty()) {
            draft.problems.add("JWKS_URI is not set; name the address of the key set");
            return null;
        }
        try {
            return new URI(value);
        } catch (URISyntaxException e) {
            // Not repeated: it may hold a password.
            draft.problems.add(
                    "JWKS_URI is no address (" + SafeText.of(e.getReason()) + " at character " + e.getIndex() + ")");
            return null;
        } catch (NumberFormatException e) {
            // The reader of JDK 17 fails in this way at a number in an IPv6 address that no int can hold.
            draft.problems.add("JWKS_URI is no address (a number in its host is too large)");
            return null;
        }
    }

    private static @Nullable Duration seconds(Map<String, String> environment, String name, Settings.Draft draft) {
        String value = environment.getOrDefault(name, "").strip();
        if (value.isEmpty()) {
            return null;
        }
        try {
            BigDecimal seconds = value.length() > 32 ? null : new BigDecimal(value);
            if (seconds != null && seconds.signum() > 0 && seconds.compareTo(MOST_SECONDS) <= 0) {
                return Duration.ofNanos(seconds.multiply(NANOS).longValue());
            }
        } catch (NumberFormatException notANumber) {
            // Told below, together with the other ways to be no valid number.
        }
        draft.problems.add(name + " is " + SafeText.quoted(value)
                + "; it must be a number of seconds above 0 and at most 31536000, such as 600 or 0.5");
        return null;
    }
}
