package dev.jwkscache.sidecar.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.sidecar.configuration.Configuration.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationReaderTest {
    private static final String ONE = "providers: {default: {issuer: 'https://idp.example', time-to-live: 1}}\n";

    @Test
    void whatIsNotSetHasItsDefault() {
        assertThat(Told.line(Told.IDP).read())
                .isEqualTo(new Configuration(
                        List.of(new ProviderConfiguration(
                                "default", java.net.URI.create(Told.IDP), ProviderConfiguration.Kind.ISSUER, Map.of())),
                        new Configuration.Listen("127.0.0.1", 8090),
                        new Configuration.Listen("127.0.0.1", 9090),
                        null,
                        new Configuration.Limits(10_000, Duration.ofSeconds(60), Duration.ofSeconds(10), 8192),
                        new Store.Folder(Path.of(Told.HOME, ".local/state/jwks-cache/snapshots"), null),
                        new Configuration.History(
                                Path.of(Told.HOME, ".local/state/jwks-cache/history"), 10_485_760, 20),
                        Set.of(),
                        Duration.ofSeconds(300),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(250),
                        null));
    }

    @Test
    void aProvidersOwnValueCountsFirst() {
        Told told = Told.line("--time-to-live=2")
                .and("JWKS_CACHE_TIME_TO_LIVE", "3")
                .file("time-to-live: 4\n" + ONE);

        assertThat(timeToLive(told)).isEqualTo("1");
    }

    @Test
    void thenAFlag() {
        Told told = Told.line(Told.IDP, "--time-to-live=2")
                .and("JWKS_CACHE_TIME_TO_LIVE", "3")
                .file("time-to-live: 4");

        assertThat(timeToLive(told)).isEqualTo("2");
    }

    @Test
    void thenAVariable() {
        assertThat(timeToLive(
                        Told.line(Told.IDP).and("JWKS_CACHE_TIME_TO_LIVE", "3").file("time-to-live: 4")))
                .isEqualTo("3");
        assertThat(timeToLive(Told.line(Told.IDP).and("JWKS_TTL_SECONDS", "3").file("time-to-live: 4")))
                .isEqualTo("3");
    }

    @Test
    void thenTheFilesValueForAll() {
        assertThat(timeToLive(Told.line(Told.IDP).file("time-to-live: 4"))).isEqualTo("4");
    }

    @Test
    void anEmptyVariableIsNotSet() {
        assertThat(Told.line(Told.IDP)
                        .and("JWKS_CACHE_PORT", "  ")
                        .and("JWKS_URI", "")
                        .read())
                .isEqualTo(Told.line(Told.IDP).read());
    }

    @ParameterizedTest
    @CsvSource({
        "JWKS_TTL_SECONDS, time-to-live",
        "JWKS_REFRESH_INTERVAL, refresh-interval",
        "JWKS_FETCH_TIMEOUT, fetch-timeout",
        "JWKS_MAX_STALENESS, max-staleness"
    })
    void theVariablesOfTheOriginalModuleCountToo(String variable, String setting) {
        Configuration told = Told.line(Told.IDP).and(variable, "7.0").read();

        assertThat(told.providers().get(0).settings()).isEqualTo(Map.of(setting, "7"));
    }

    @Test
    void twoVariablesForOneSettingMustAgree() {
        Told told = Told.line(Told.IDP).and("JWKS_TTL_SECONDS", "600").and("JWKS_CACHE_TIME_TO_LIVE", "600.0");

        assertThat(timeToLive(told)).isEqualTo("600");
        assertThat(told.and("JWKS_TTL_SECONDS", "700").faults())
                .containsExactly(
                        "JWKS_TTL_SECONDS is 700, but JWKS_CACHE_TIME_TO_LIVE is 600, and both are time-to-live; unset one"
                                + " of them");
    }

    @Test
    void anUnknownVariableIsRefusedUnlessItIsSomebodyElses() {
        assertThat(Told.line(Told.IDP).and("JWKS_CACHE_MAX_STALENES", "1").faults())
                .containsExactly(
                        "the variable \"JWKS_CACHE_MAX_STALENES\" is not known; did you mean JWKS_CACHE_MAX_STALENESS?");
        assertThat(Told.line(Told.IDP)
                        .and("JWKS_CACHE_NO_BUILD", "1")
                        .and("JWKS_CACHE_JAVA_OPTS", "-Xmx64m")
                        .and("JWKS_CACHE_CONFIG", "x.yaml")
                        .and("OTHER", "x")
                        .read())
                .isEqualTo(Told.line(Told.IDP).read());
    }

    @Test
    void allFaultsAreToldAtOnce() {
        List<String> faults = Told.line(
                        "Bad=https://x.example",
                        "--port",
                        "99999",
                        "--time-to-live",
                        "x",
                        "--drain-time",
                        "1",
                        "--drain-time",
                        "2")
                .and("JWKS_CACHE_MANAGEMENT_PORT", "-1")
                .and("JWKS_CACHE_TYPO", "1")
                .file("host: a b\nunknown: 1\nproviders: {api: 'https://a.example', ok: 'https://b.example',"
                        + " c: {issuer: 'ftp://c.example', max-staleness: 0}}\n")
                .faults();

        assertThat(faults).anySatisfy(fault -> assertThat(fault).startsWith("ADDRESS: \"Bad\" is no name"));
        assertThat(faults).contains("--port is \"99999\"; it must be a port from 0 to 65535");
        assertThat(faults).contains("--time-to-live is \"x\"; it must be a number of seconds from 0.001 to 31536000");
        assertThat(faults).contains("--drain-time is given 2 times; give it once");
        assertThat(faults).contains("JWKS_CACHE_MANAGEMENT_PORT is \"-1\"; it must be a port from 0 to 65535");
        assertThat(faults).anySatisfy(fault -> assertThat(fault).startsWith("the variable \"JWKS_CACHE_TYPO\""));
        assertThat(faults)
                .anySatisfy(fault -> assertThat(fault).startsWith("jwks-cache.yaml, line 1: host is \"a b\"; it must"));
        assertThat(faults).contains("jwks-cache.yaml, line 2: unknown is not known");
        assertThat(faults)
                .anySatisfy(fault -> assertThat(fault)
                        .startsWith("jwks-cache.yaml, line 3: providers.api: no provider can be named api"));
        assertThat(faults)
                .anySatisfy(fault -> assertThat(fault)
                        .startsWith("jwks-cache.yaml, line 3: providers.c.issuer: 'ftp://c.example' is no"));
        assertThat(faults)
                .contains(
                        "jwks-cache.yaml, line 3: providers.c.max-staleness is \"0\"; it must be a number of seconds from 0.001"
                                + " to 31536000");
        assertThat(faults).hasSize(11);
    }

    @Test
    void theMessageHasAllFaults() {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() ->
                        Told.line(Told.IDP, "--port=x", "--management-port=x").read()))
                .hasMessage("2 settings are wrong:\n  - --port is \"x\"; it must be a port from 0 to 65535\n"
                        + "  - --management-port is \"x\"; it must be a port from 0 to 65535");
    }

    @Test
    void whatTheLibraryRefusesIsToldInTheSidecarsWords() {
        assertThat(Told.line(Told.IDP, "--refresh-interval=700")
                        .and("JWKS_TTL_SECONDS", "600")
                        .file("max-staleness: 500")
                        .faults())
                .containsExactly(
                        "provider default: --refresh-interval is 700 s, above time-to-live (JWKS_TTL_SECONDS), which is"
                                + " 600 s; time-to-live (JWKS_TTL_SECONDS) is 600 s, above jwks-cache.yaml, line 1: max-staleness, which is"
                                + " 500 s; lower the one or raise the other");
    }

    @Test
    void aFaultOfSeveralProvidersIsToldOnce() {
        assertThat(Told.line("a=https://a.example", "b=https://b.example", "--time-to-live=2", "--max-staleness=1")
                        .faults())
                .containsExactly(
                        "provider a, b: --time-to-live is 2 s, above --max-staleness, which is 1 s; lower the one or raise"
                                + " the other");
    }

    @Test
    void everyPairThatTheLibraryRefusesIsRefused() {
        assertThat(Told.line(Told.IDP, "--fetch-timeout=20", "--refresh-interval=10")
                        .faults())
                .hasSize(1);
        assertThat(Told.line(Told.IDP, "--fetch-timeout=20", "--time-to-live=10")
                        .faults())
                .hasSize(1);
        assertThat(Told.line(Told.IDP, "--min-refresh-interval=20", "--refresh-interval=10")
                        .faults())
                .hasSize(1);
        assertThat(Told.line(Told.IDP, "--min-refresh-interval=20", "--time-to-live=10")
                        .faults())
                .singleElement()
                .asString()
                .startsWith("provider default: --min-refresh-interval is 20 s, above refresh-interval, which is 5 s");
    }

    @Test
    void bothServersNeedAPortEach() {
        assertThat(Told.line(Told.IDP, "--port=9090").faults())
                .containsExactly("--port is 9090 and so is management-port; the two servers need a port each");
        assertThat(Told.line(Told.IDP, "--port=0", "--management-port=0")
                        .read()
                        .keys()
                        .port())
                .isZero();
    }

    @Test
    void readinessEndsBeforeKeysDo() {
        assertThat(Told.line(Told.IDP, "--ready-margin=3600").faults())
                .singleElement()
                .asString()
                .startsWith("--ready-margin is 3600 s, but the keys of default live 3600.0 s (max-staleness)");
        assertThat(Told.line(Told.IDP, "--ready-margin=3599").read().readyMargin())
                .hasSeconds(3599);
        assertThat(Told.line(Told.IDP, "--ready-margin=4000", "--time-to-live=4001")
                        .read()
                        .readyMargin())
                .hasSeconds(4000);
        assertThat(Told.line(Told.IDP, "--max-staleness=100").read().readyMargin())
                .hasSeconds(50);
    }

    @Test
    void onlyAnIssuerIsReachedElsewhere() {
        assertThat(Told.line("http://idp/realms/main", "--fetch-base=https://10.0.0.1:8443/")
                        .read()
                        .providers()
                        .get(0)
                        .settings())
                .isEqualTo(Map.of("fetch-base", "https://10.0.0.1:8443"));
        assertThat(Told.line("https://idp.example/keys", "--fetch-base=https://10.0.0.1")
                        .faults())
                .containsExactly(
                        "provider default: --fetch-base is set, but only an issuer is reached elsewhere; leave it out for"
                                + " a jwks_uri");
        assertThat(Told.line(Told.IDP, "--fetch-base=http://10.0.0.1").faults())
                .singleElement()
                .asString()
                .contains("--fetch-base: http://10.0.0.1 is plain http");
        assertThat(Told.line(Told.IDP, "--fetch-base=https://10.0.0.1/path").faults())
                .hasSize(1);
    }

    @Test
    void noHomeIsOnlyAFaultForWhoNeedsIt() {
        CommandLineValues line = new CommandLineValues(Map.of(), List.of(Told.IDP), List.of(), List.of());
        Map<String, String> elsewhere = Map.of("JWKS_CACHE_STORE", "none", "JWKS_CACHE_HISTORY", "off");

        assertThat(ConfigurationReader.read(line, elsewhere, null, "?", warning -> {})
                        .history())
                .isNull();
        assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                                ConfigurationException.class,
                                () -> ConfigurationReader.read(line, Map.of(), null, "?", warning -> {}))
                        .faults())
                .singleElement()
                .asString()
                .contains("JWKS_CACHE_STATE_FOLDER");
    }

    private static String timeToLive(Told told) {
        return told.read().providers().get(0).settings().get("time-to-live");
    }
}
