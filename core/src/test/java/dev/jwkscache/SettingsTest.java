package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DESIGN §2.1 and §2.2: variables, defaults, and what is refused. */
class SettingsTest {

    Settings defaults() {
        return settings(draft -> {});
    }

    @Test
    void defaultsAreThoseOfTheOriginalModule() {
        Settings settings = defaults();

        assertThat(settings.timeToLive()).hasSeconds(600);
        assertThat(settings.refreshInterval()).hasSeconds(300);
        assertThat(settings.fetchTimeout()).hasSeconds(5);
        assertThat(settings.maxStaleness()).hasSeconds(3600);
        assertThat(settings.missCooldown()).hasSeconds(10);
        assertThat(settings.missWait()).hasSeconds(2);
        assertThat(settings.staleWait()).isZero();
        assertThat(settings.minRefreshInterval()).hasSeconds(30);
        assertThat(settings.maxDocumentBytes()).isEqualTo(1 << 20);
    }

    @Test
    void readsTheFiveVariablesInSecondsWithDecimals() {
        Settings settings = EnvironmentVariables.read(Map.of(
                        "JWKS_URI", " https://idp.example/jwks.json ",
                        "JWKS_TTL_SECONDS", "20.5",
                        "JWKS_REFRESH_INTERVAL", "10",
                        "JWKS_FETCH_TIMEOUT", "0.25",
                        "JWKS_MAX_STALENESS", "7200"))
                .complete();

        assertThat(settings.address()).hasToString("https://idp.example/jwks.json");
        assertThat(settings.timeToLive()).hasMillis(20_500);
        assertThat(settings.refreshInterval()).hasSeconds(10);
        assertThat(settings.fetchTimeout()).hasMillis(250);
        assertThat(settings.maxStaleness()).hasSeconds(7200);
    }

    @Test
    void anEmptyVariableCountsAsNotSet() {
        Settings settings = EnvironmentVariables.read(
                        Map.of("JWKS_URI", "https://idp.example/jwks.json", "JWKS_TTL_SECONDS", ""))
                .complete();

        assertThat(settings.timeToLive()).hasSeconds(600);
    }

    @Test
    void refusesBadVariablesAllInOneMessage() {
        Map<String, String> environment = new HashMap<>(Map.of(
                "JWKS_URI", "http://idp.example/jwks.json",
                "JWKS_TTL_SECONDS", "ten\nminutes",
                "JWKS_REFRESH_INTERVAL", "300",
                "JWKS_FETCH_TIMEOUT", "400",
                "JWKS_MAX_STALENESS", "-1"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> JwksCache.fromEnvironment(environment).build())
                .withMessageContaining("JWKS_TTL_SECONDS is \"ten\\u000aminutes\"; it must be a number of seconds")
                .withMessageContaining("JWKS_MAX_STALENESS is \"-1\"")
                .withMessageContaining("http://idp.example/jwks.json is plain http")
                .withMessageContaining(
                        "fetchTimeout (JWKS_FETCH_TIMEOUT) is 400 s, above refreshInterval (JWKS_REFRESH_INTERVAL),"
                                + " which is 300 s");
    }

    @Test
    void refusesAMissingAddressByTheVariablesName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JwksCache.fromEnvironment(Map.of()).build())
                .withMessageContaining("JWKS_URI is not set");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "NaN", "1e99", "1e-99", "0x10", "5s", "31536001", "--1", "1,5"})
    void refusesWhatIsNoNumberOfSeconds(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JwksCache.fromEnvironment(
                                Map.of("JWKS_URI", "https://idp.example/", "JWKS_FETCH_TIMEOUT", value))
                        .build())
                .withMessageContaining("FETCH_TIMEOUT");
    }

    @Test
    void defaultsAdaptToWhatIsSet() {
        assertThat(settings(draft -> draft.timeToLive = seconds(60)).refreshInterval())
                .hasSeconds(30);
        assertThat(settings(draft -> draft.timeToLive = seconds(7200)).maxStaleness())
                .hasSeconds(7200);
        assertThat(settings(draft -> draft.maxStaleness = seconds(100)).timeToLive())
                .hasSeconds(100);
        assertThat(settings(draft -> draft.refreshInterval = seconds(900)).timeToLive())
                .hasSeconds(900);
        assertThat(settings(draft -> draft.refreshInterval = seconds(3)).fetchTimeout())
                .hasSeconds(3);
        assertThat(settings(draft -> draft.fetchTimeout = seconds(400)).refreshInterval())
                .hasSeconds(400);
        assertThat(settings(draft -> draft.timeToLive = seconds(4)).fetchTimeout())
                .hasSeconds(2);
    }

    @Test
    void refusesPairsThatContradictWithBothValues() {
        refuses(
                draft -> {
                    draft.refreshInterval = seconds(700);
                    draft.timeToLive = seconds(600);
                },
                "refreshInterval (JWKS_REFRESH_INTERVAL) is 700 s, above timeToLive (JWKS_TTL_SECONDS), which is 600 s");
        refuses(
                draft -> {
                    draft.timeToLive = seconds(700);
                    draft.maxStaleness = seconds(600);
                },
                "timeToLive (JWKS_TTL_SECONDS) is 700 s, above maxStaleness (JWKS_MAX_STALENESS), which is 600 s");
        refuses(
                draft -> {
                    draft.refreshInterval = seconds(700);
                    draft.maxStaleness = seconds(600);
                },
                "700 s, above maxStaleness (JWKS_MAX_STALENESS), which is 600 s");
        refuses(
                draft -> {
                    draft.fetchTimeout = seconds(61);
                    draft.timeToLive = seconds(60);
                },
                "fetchTimeout (JWKS_FETCH_TIMEOUT) is 61 s, above timeToLive (JWKS_TTL_SECONDS), which is 60 s");
        refuses(
                draft -> {
                    draft.minRefreshInterval = seconds(61);
                    draft.refreshInterval = seconds(60);
                },
                "minRefreshInterval is 61 s, above refreshInterval");
    }

    @Test
    void refusesWhatContradictsADefaultThatCannotAdapt() {
        refuses(
                draft -> draft.minRefreshInterval = seconds(7200),
                "minRefreshInterval is 7200 s, above refreshInterval");
        refuses(
                draft -> {
                    draft.fetchTimeout = seconds(400);
                    draft.maxStaleness = seconds(300);
                },
                "fetchTimeout (JWKS_FETCH_TIMEOUT) is 400 s, above refreshInterval");
    }

    @Test
    void refusesAnAddressOnWhichTheReaderOfAddressesFails() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JwksCache.fromEnvironment(Map.of("JWKS_URI", "https://[::99999999999.0.0.1]/"))
                        .build())
                .withMessageContaining("JWKS_URI is no address (");
    }

    @Test
    void aPasswordInAnAddressIsNotRepeated() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JwksCache.fromEnvironment(Map.of("JWKS_URI", "https://user:secret@idp.example/ x"))
                        .build())
                .withMessageContaining("JWKS_URI is no address")
                .withMessageNotContaining("secret");
        for (String address : List.of(
                "https://user:secret@idp.example/#part",
                "http://user:secret@idp.example/",
                "https://user:secret@bad_host/",
                "ftp://user:secret@idp.example/?q",
                "idp.example?user:secret@somewhere",
                "user:sec?ret@idp.example?q=secret")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> JwksCache.builder(URI.create(address)).build())
                    .withMessageNotContaining("secret");
        }
    }

    @Test
    void refusesValuesOutOfBounds() {
        refuses(
                draft -> draft.maxStaleness = java.time.temporal.ChronoUnit.FOREVER.getDuration(),
                "maxStaleness (JWKS_MAX_STALENESS) is 9223372036854775807.999 s");
        refuses(draft -> draft.missCooldown = Duration.ZERO, "missCooldown is 0 s; it must be more than 0 s");
        refuses(draft -> draft.missWait = seconds(-1), "missWait is -1 s; it must be from 0 s");
        refuses(draft -> draft.staleWait = Duration.ofDays(366), "staleWait is 31622400 s");
        refuses(draft -> draft.maxDocumentBytes = 0, "maxDocumentBytes is 0; it must be from 1 to 67108864");
        refuses(draft -> draft.maxStaleness = Duration.ofDays(10_000), "maxStaleness");
    }

    @Test
    void eachDurationHasItsBounds() {
        Duration millisecond = Duration.ofMillis(1);
        Duration less = millisecond.minusNanos(1);
        Duration year = Duration.ofDays(365);
        Duration more = year.plusNanos(1);
        String bounds = "; it must be at least 1 ms and at most 365 days";
        for (Duration wrong : List.of(less, more)) {
            String value = " is " + (wrong.equals(less) ? "0 s" : "31536000 s") + bounds;
            refuses(draft -> draft.timeToLive = wrong, "timeToLive (JWKS_TTL_SECONDS)" + value);
            refuses(draft -> draft.refreshInterval = wrong, "refreshInterval (JWKS_REFRESH_INTERVAL)" + value);
            refuses(draft -> draft.minRefreshInterval = wrong, "minRefreshInterval" + value);
            refuses(draft -> draft.fetchTimeout = wrong, "fetchTimeout (JWKS_FETCH_TIMEOUT)" + value);
            refuses(draft -> draft.maxStaleness = wrong, "maxStaleness (JWKS_MAX_STALENESS)" + value);
        }
        refuses(draft -> draft.missCooldown = more, "missCooldown is 31536000 s; it must be more than 0 s and");
        refuses(draft -> draft.missWait = more, "missWait is 31536000 s; it must be from 0 s to 365 days");
        refuses(draft -> draft.maxDocumentBytes = (64 << 20) + 1, "maxDocumentBytes is 67108865; it must be from 1");
        refuses(draft -> draft.minRsaBits = 1023, "minRsaBits is 1023; it must be from 1024 to 16384");
        refuses(draft -> draft.minRsaBits = 16385, "minRsaBits is 16385; it must be from 1024 to 16384");
        refuses(draft -> draft.signatureUses = Set.of("sig", "enc"), "signatureUses holds \"enc\"");

        for (int bits : new int[] {1024, 16384}) {
            assertThat(settings(draft -> draft.minRsaBits = bits).keyRules().minRsaBits())
                    .isEqualTo(bits);
        }
        for (int bytes : new int[] {1, 64 << 20}) {
            assertThat(settings(draft -> draft.maxDocumentBytes = bytes).maxDocumentBytes())
                    .isEqualTo(bytes);
        }
        Settings longest = settings(draft -> {
            draft.timeToLive = year;
            draft.refreshInterval = year;
            draft.minRefreshInterval = year;
            draft.fetchTimeout = year;
            draft.maxStaleness = year;
            draft.missCooldown = year;
            draft.missWait = year;
            draft.staleWait = year;
        });
        assertThat(List.of(
                        longest.timeToLive(),
                        longest.refreshInterval(),
                        longest.minRefreshInterval(),
                        longest.fetchTimeout(),
                        longest.maxStaleness(),
                        longest.missCooldown(),
                        longest.missWait(),
                        longest.staleWait()))
                .containsOnly(year);
        assertThat(settings(draft -> draft.fetchTimeout = millisecond).fetchTimeout())
                .isEqualTo(millisecond);
    }

    @Test
    void aRefreshStartsAFetchTimeoutBeforeTheKeysExpireOrHalfwayThere() {
        assertThat(settings(draft -> {}).latestRefresh()).isEqualTo(seconds(3595));
        assertThat(settings(draft -> {
                            draft.timeToLive = seconds(8);
                            draft.maxStaleness = seconds(8);
                        })
                        .latestRefresh())
                .isEqualTo(seconds(4));
    }

    @Test
    void aVariableMayHoldUpTo32CharactersAndAYear() {
        assertThat(timeToLive("31536000")).isEqualTo(Duration.ofDays(365));
        assertThat(timeToLive("0".repeat(30) + "60")).isEqualTo(seconds(60));
        assertThatIllegalArgumentException().isThrownBy(() -> timeToLive("0".repeat(31) + "60"));
        assertThatIllegalArgumentException().isThrownBy(() -> timeToLive("31536000.001"));
        assertThatIllegalArgumentException().isThrownBy(() -> timeToLive("0"));
    }

    private static Duration timeToLive(String value) {
        return EnvironmentVariables.read(Map.of(
                        "JWKS_URI",
                        "https://idp.example/jwks.json",
                        "JWKS_TTL_SECONDS",
                        value,
                        "JWKS_MAX_STALENESS",
                        "31536000"))
                .complete()
                .timeToLive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:8080/k",
                "http://localhost/k",
                "http://[::1]:80/k",
                "https://idp.example/k?tenant=1",
                "HTTPS://idp.example/k"
            })
    void acceptsHttpsAndLoopback(String address) {
        assertThat(settings(draft -> draft.jwksUri = URI.create(address)).address())
                .hasToString(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://idp.example/k",
                "http://127.0.0.1.evil.example/k",
                "http://localhost.evil.example/k",
                "ftp://idp.example/k",
                "https:///k",
                "idp.example/k",
                "mailto:a@b",
                "https://user:secret@idp.example/k",
                "https://idp.example/k#fragment"
            })
    void refusesOtherAddresses(String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(draft -> draft.jwksUri = URI.create(address)))
                .withMessageContaining("jwks_uri")
                .withMessageNotContaining("secret");
    }

    @Test
    void plainHttpBeyondLoopbackMustBeAllowed() {
        Settings settings = settings(draft -> {
            draft.jwksUri = URI.create("http://idp.example/k");
            draft.plainHttpAllowed = true;
        });

        assertThat(settings.address()).hasToString("http://idp.example/k");
    }

    private static Settings settings(Consumer<Settings.Draft> changes) {
        Settings.Draft draft = new Settings.Draft();
        draft.jwksUri = URI.create("https://idp.example/jwks.json");
        changes.accept(draft);
        return draft.complete();
    }

    private static void refuses(Consumer<Settings.Draft> changes, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(changes))
                .withMessageStartingWith("jwks-cache cannot start: ")
                .withMessageContaining(message);
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }
}
