package dev.jwkscache.sidecar.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class SettingTest {
    private static final Path PAGE = Path.of("..", "docs", "sidecar-settings.md");

    @ParameterizedTest
    @EnumSource(Scope.class)
    void thePageHasTheTable(Scope scope) throws IOException {
        List<String> lines = Files.readAllLines(PAGE);
        int heading = lines.indexOf(scope == Scope.CACHE ? "## Of a provider's cache" : "## Of the process");
        List<String> rows = lines.subList(heading + 1, lines.size()).stream()
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .toList();

        assertThat(heading).isNotNegative();
        assertThat(String.join("\n", rows)).isEqualTo(table(scope));
    }

    @Test
    void thePageNamesNoOtherSettingAndNoOtherVariable() throws IOException {
        String page = Files.readString(PAGE);

        assertThat(found(page, "JWKS_CACHE_[A-Z_]+"))
                .isSubsetOf(concat(
                        Arrays.stream(Setting.values()).map(Setting::variable).toList(),
                        List.of(
                                "JWKS_CACHE_PROVIDERS",
                                "JWKS_CACHE_ISSUER",
                                "JWKS_CACHE_JWKS_URI",
                                "JWKS_CACHE_CONFIG",
                                "JWKS_CACHE_STATE_FOLDER",
                                "JWKS_CACHE_NO_BUILD",
                                "JWKS_CACHE_JAVA_OPTS")));
        assertThat(found(page, "--[a-z][a-z-]+"))
                .isSubsetOf(concat(
                        Arrays.stream(Setting.values())
                                .flatMap(setting -> setting.flag().stream())
                                .toList(),
                        List.of("--config", "--issuer", "--jwks-uri")));
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void theUsageHelpTellsEverySetting(Setting setting) {
        String help = help();

        assertThat(help).contains(setting.description());
        assertThat(help).contains("(" + setting.variable() + "; " + setting.shownDefault() + ").");
        assertThat(setting.flag().isPresent())
                .isEqualTo(help.contains("--" + setting.key() + "=") || help.contains("--" + setting.key() + "[="));
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void aDefaultThatIsANumberIsWithinItsBounds(Setting setting) {
        String number = setting.shownDefault().split(",")[0];
        if (number.matches("[0-9.]+") && setting.kind() != ValueKind.HOST) {
            assertThat(Values.read(setting, number)).isEqualTo(number);
        } else {
            assertThat(setting.shownDefault()).isNotBlank();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Setting.class,
            names = {"TIME_TO_LIVE", "PORT", "MAX_DOCUMENT_BYTES", "MIN_RSA_BITS", "MISS_WAIT", "MAX_HEADER_BYTES"})
    void bothEndsOfARangeAreTakenAndNothingBeyond(Setting setting) {
        String least = setting.range().least().toPlainString();
        String most = setting.range().most().toPlainString();

        assertThat(Values.read(setting, least)).isEqualTo(least);
        assertThat(Values.read(setting, most)).isEqualTo(most);
        for (String beyond : List.of(
                setting.range()
                        .least()
                        .subtract(new java.math.BigDecimal("0.0001"))
                        .toPlainString(),
                setting.range().most().add(java.math.BigDecimal.ONE).toPlainString(),
                "1e3",
                "",
                "٣",
                "1,5",
                "0x1",
                "1".repeat(33),
                "NaN")) {
            assertThat(catchThrowable(() -> Values.read(setting, beyond)))
                    .as(beyond)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void everyNumberOfACacheIsPutWhereTheLibrarySaysItsName() {
        for (Setting setting : Setting.of(Scope.CACHE)) {
            if (setting.kind() == ValueKind.SPAN
                    || setting.kind() == ValueKind.BYTES
                    || setting.kind() == ValueKind.COUNT) {
                assertThat(refusal(setting, "-1", ProviderConfiguration.Kind.ISSUER))
                        .contains(": " + setting.nameInLibrary() + " is -1");
            }
        }
    }

    @Test
    void whatElseACacheHasIsPutThereToo() {
        assertThat(refusal(Setting.SIGNATURE_USES, "enc", ProviderConfiguration.Kind.ISSUER))
                .contains("signatureUses");
        assertThat(refusal(Setting.FETCH_BASE, "https://b.example", ProviderConfiguration.Kind.JWKS_URI))
                .contains("fetchBase is set");
        assertThat(refusal(Setting.ALLOW_PLAIN_HTTP, "off", ProviderConfiguration.Kind.ISSUER))
                .contains("plain http");
        provider(Setting.ALLOW_PLAIN_HTTP, "on", ProviderConfiguration.Kind.ISSUER)
                .builder()
                .build()
                .close();
    }

    @Test
    void settingsOfTheProcessAreNoneOfACache() {
        ProviderConfiguration wrong = new ProviderConfiguration(
                "a", URI.create("https://a.example"), ProviderConfiguration.Kind.ISSUER, Map.of("port", "1"));

        assertThat(catchThrowable(wrong::builder)).hasMessage("port is no setting of a cache");
    }

    @Test
    void cachesOfOneProxyRouteAlike() {
        assertThat(OneProxy.at("proxy.example:3128"))
                .isEqualTo(OneProxy.at("proxy.example:3128"))
                .hasSameHashCodeAs(OneProxy.at("proxy.example:3128"))
                .isNotEqualTo(OneProxy.at("proxy.example:3129"));
        assertThat(OneProxy.at("[::1]:3128").select(URI.create("https://a.example")))
                .singleElement()
                .asString()
                .contains("::1");
    }

    @Test
    void whatSomebodyMayHaveMeantIsFound() {
        assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Nearest.question("max_staleness", List.of("port", "max-staleness")))
                .isEqualTo("; did you mean max-staleness?");
        assertThat(Nearest.question("zzzzzz", List.of("port", "max-staleness"))).isEmpty();
        assertThat(Nearest.question("x".repeat(1_000_000), List.of("port"))).isEmpty();
    }

    private static String refusal(Setting setting, String value, ProviderConfiguration.Kind kind) {
        return String.valueOf(
                catchThrowable(() -> provider(setting, value, kind).builder().build())
                        .getMessage());
    }

    private static ProviderConfiguration provider(Setting setting, String value, ProviderConfiguration.Kind kind) {
        String scheme = setting == Setting.ALLOW_PLAIN_HTTP ? "http" : "https";
        return new ProviderConfiguration("a", URI.create(scheme + "://a.example"), kind, Map.of(setting.key(), value));
    }

    static String table(Scope scope) {
        StringBuilder table = new StringBuilder(
                "| setting | variable | value | default | bounds | meaning |\n|---|---|---|---|---|---|");
        for (Setting setting : Setting.of(scope)) {
            table.append("\n| `")
                    .append(setting.key())
                    .append("` | `")
                    .append(setting.variable())
                    .append('`')
                    .append(setting.alias().map(alias -> ", `" + alias + "`").orElse(""))
                    .append(" | ")
                    .append(setting.kind().label().replaceAll("[<>]", "").replace("|", " or "))
                    .append(" | ")
                    .append(setting.shownDefault())
                    .append(" | ")
                    .append(setting.bounds())
                    .append(" | ")
                    .append(setting.description())
                    .append(" |");
        }
        return table.toString();
    }

    private static List<String> found(String text, String pattern) {
        return java.util.regex.Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(java.util.regex.MatchResult::group)
                .toList();
    }

    private static List<String> concat(List<String> one, List<String> other) {
        return java.util.stream.Stream.concat(one.stream(), other.stream()).toList();
    }

    /** Without its line breaks. */
    private static String help() {
        CommandSpec command = CommandSpec.create().name("serve");
        ServeOptions.addTo(command);
        StringWriter text = new StringWriter();
        new CommandLine(command).setUsageHelpWidth(500).usage(new PrintWriter(text, true));
        return text.toString();
    }
}
