package dev.jwkscache.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.sidecar.configuration.Configuration;
import dev.jwkscache.sidecar.configuration.Configuration.Store.Redis;
import dev.jwkscache.sidecar.configuration.ProviderConfiguration;
import dev.jwkscache.sidecar.configuration.ServeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The example of the settings, read by what reads it for users. */
class ExampleConfigurationIT {
    private static final Pattern COMMENTED = Pattern.compile("(?m)^( *)#((?:  )?[a-z][a-z-]*:.*|  X-.*)$");

    @TempDir
    private Path folder;

    @Test
    void itKeepsOneProviderAndLeavesEverythingElseAsItIs() throws IOException {
        assertThat(read(example())).isEqualTo(read(onlyTheProvider()));
    }

    /** Behind every # that no example is, there is what holds without the line. */
    @Test
    void whatIsCalledADefaultIsOne() throws IOException {
        String defaults = paragraphs()
                .filter(paragraph -> !paragraph.contains("# Example"))
                .map(ExampleConfigurationIT::uncommented)
                .collect(Collectors.joining("\n\n"));
        Configuration told = read(defaults);
        Configuration untold = read(onlyTheProvider());
        assertThat(told.providers()).singleElement().satisfies(provider -> {
            assertThat(provider.settings()).hasSizeGreaterThan(8);
            provider.settings()
                    .forEach((name, value) -> assertThat(helpOf(name))
                            .as("the default of %s", name)
                            .containsPattern("; " + Pattern.quote(value) + "[,)]"));
        });
        assertThat(withProviders(told, untold.providers())).isEqualTo(untold);
    }

    @Test
    void everySettingIsInItAndNoOther() throws IOException {
        Set<String> written = Pattern.compile("(?m)^ *#? *([a-z][a-z-]*):")
                .matcher(example())
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        written.removeAll(Set.of("providers", "main", "partner", "internal"));
        Set<String> known = options().stream()
                .map(option -> option.longestName().substring(2))
                .collect(Collectors.toCollection(TreeSet::new));
        known.remove("config");
        // No flag: it may hold a secret.
        known.add("header");
        assertThat(written).isEqualTo(known);
    }

    @Test
    void everythingInItIsUnderstoodTogether() throws IOException {
        Configuration all = read(uncommented(example()).replace("store: folder", "store: redis"));
        assertThat(all.providers())
                .extracting(ProviderConfiguration::name)
                .containsExactly("main", "partner", "internal");
        assertThat(all.providers().get(1).settings()).containsEntry("time-to-live", "300");
        assertThat(all.providers().get(0).settings()).hasSizeGreaterThan(12).containsKey("header");
        assertThat(all.store()).isInstanceOf(Redis.class);
        assertThat(all.corsOrigins()).containsExactly("https://app.example");
        assertThat(all.managementToken()).isNotNull();
    }

    private static Configuration withProviders(Configuration one, List<ProviderConfiguration> providers) {
        return new Configuration(
                providers,
                one.keys(),
                one.management(),
                one.managementToken(),
                one.limits(),
                one.store(),
                one.history(),
                one.corsOrigins(),
                one.readyMargin(),
                one.drainTime(),
                one.rereadWait(),
                one.baseAddress());
    }

    private static String onlyTheProvider() {
        return "providers:\n  main: https://idp.example/realms/main\n";
    }

    private static Stream<String> paragraphs() throws IOException {
        return Stream.of(example().split("\n\n"));
    }

    private static String uncommented(String text) {
        return COMMENTED.matcher(text).replaceAll("$1$2");
    }

    private static String example() throws IOException {
        return Files.readString(Built.FOLDER.resolve("etc/jwks-cache.yaml"));
    }

    private static String helpOf(String setting) {
        return options().stream()
                .filter(option -> option.longestName().equals("--" + setting))
                .map(option -> String.join(" ", option.description()))
                .findAny()
                .orElseThrow(() -> new AssertionError("no option --" + setting));
    }

    private static List<OptionSpec> options() {
        CommandSpec spec = CommandSpec.create();
        ServeOptions.addTo(spec);
        return spec.options();
    }

    /** As serve reads it, with files that exist in the place of those that are named. */
    private Configuration read(String text) throws IOException {
        List<MatchResult> files = Pattern.compile("/etc/jwks-cache/([a-z.-]+)")
                .matcher(text)
                .results()
                .toList();
        for (MatchResult file : files) {
            Files.writeString(folder.resolve(file.group(1)), "0123456789abcdef0123456789abcdef");
        }
        Path file = Files.writeString(folder.resolve("read.yaml"), text.replace("/etc/jwks-cache", folder.toString()));
        CommandSpec spec = CommandSpec.create();
        ServeOptions.addTo(spec);
        List<String> warnings = new ArrayList<>();
        return ServeOptions.read(
                new CommandLine(spec).parseArgs("--config", file.toString()),
                Map.of(),
                folder.toString(),
                warnings::add);
    }
}
