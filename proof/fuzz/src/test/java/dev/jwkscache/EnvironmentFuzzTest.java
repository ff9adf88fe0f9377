package dev.jwkscache;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.junit.Lifecycle;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Any values of the five variables, one a line: settings that agree with each other, or one message that is fit for logs. */
class EnvironmentFuzzTest {
    private static final String PASSWORD = "s3cretOfSomebody";
    private static final List<String> NAMES = List.of(
            "JWKS_URI", "JWKS_TTL_SECONDS", "JWKS_REFRESH_INTERVAL", "JWKS_FETCH_TIMEOUT", "JWKS_MAX_STALENESS");
    private static final Duration YEAR = Duration.ofDays(365);

    @FuzzTest(lifecycle = Lifecycle.PER_TEST)
    @DictionaryFile(resourcePath = "addresses.dict")
    void valuesMakeConsistentSettingsOrOneMessage(byte[] octets) {
        String[] values = new String(octets, StandardCharsets.UTF_8).split("\n", NAMES.size());
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < values.length; i++) {
            environment.put(NAMES.get(i), values[i]);
        }
        // As it is, or with a password in the address: «https://x/» becomes «https://u:pw@x/».
        int user = values[0].indexOf("//");
        for (boolean withPassword : Held.of(List.of(false, true), octets.length)) {
            if (!withPassword) {
                check(environment, false);
            } else if (user >= 0) {
                String before = values[0].substring(0, user + 2);
                environment.put(NAMES.get(0), before + "somebody:" + PASSWORD + '@' + values[0].substring(user + 2));
                check(environment, before.indexOf('?') < 0 && before.indexOf('#') < 0);
            }
        }
    }

    private static void check(Map<String, String> environment, boolean secret) {
        try {
            hold(read(environment));
            Held.that(!secret, "an address with a password is refused");
        } catch (IllegalArgumentException refused) {
            Held.message(refused.getMessage(), 12 * (Held.QUOTED + 200));
            Held.that(refused.getMessage().startsWith("jwks-cache cannot start: "), "says what it is", refused);
            Held.that(!secret || !refused.getMessage().contains(PASSWORD), "a password is told", refused.getMessage());
        }
    }

    private static Settings read(Map<String, String> environment) {
        return EnvironmentVariables.read(environment).complete();
    }

    private static void hold(Settings settings) {
        URI address = settings.address();
        Held.that(address.getHost() != null && address.getRawUserInfo() == null, "a plain address", address);
        for (Duration duration : List.of(
                settings.timeToLive(),
                settings.refreshInterval(),
                settings.minRefreshInterval(),
                settings.fetchTimeout(),
                settings.maxStaleness(),
                settings.latestRefresh())) {
            Held.that(duration.compareTo(Duration.ZERO) > 0 && duration.compareTo(YEAR) <= 0, "positive", settings);
        }
        ordered(settings.refreshInterval(), settings.timeToLive(), settings);
        ordered(settings.timeToLive(), settings.maxStaleness(), settings);
        ordered(settings.fetchTimeout(), settings.refreshInterval(), settings);
        ordered(settings.minRefreshInterval(), settings.refreshInterval(), settings);
        ordered(settings.latestRefresh(), settings.maxStaleness(), settings);
        Held.that(settings.timeToLiveNanos() == settings.timeToLive().toNanos(), "the same in nanoseconds", settings);
        Held.that(
                settings.maxStalenessNanos() == settings.maxStaleness().toNanos(), "the same in nanoseconds", settings);
    }

    private static void ordered(Duration shorter, Duration longer, Settings settings) {
        Held.that(shorter.compareTo(longer) <= 0, "settings in their order", settings);
    }
}
