package dev.jwkscache.sidecar.configuration;

import dev.jwkscache.sidecar.configuration.SettingsFile.Entry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes one configuration of command line, environment and file, or tells all that is wrong with them. A provider's own
 * value in the file counts before a flag, then a variable, then the file's value for all, then the default.
 */
final class ConfigurationReader {
    private final Faults faults = new Faults();
    private final Map<String, String> environment;
    private final String home;
    private final Consumer<String> warnings;

    /**
     * A file that was read.
     *
     * @param name for messages
     */
    record FileText(String name, String content) {}

    /** A provider with all that is set for it. */
    record Draft(ProviderAddress address, Map<Setting, Given> settings) {}

    private ConfigurationReader(Map<String, String> environment, String home, Consumer<String> warnings) {
        this.environment = environment;
        this.home = home;
        this.warnings = warnings;
    }

    /**
     * Reads everything.
     *
     * @param home the property {@code user.home}
     * @param warnings gets what is odd but no fault
     * @throws ConfigurationException if anything is wrong
     */
    static Configuration read(
            CommandLineValues line,
            Map<String, String> environment,
            @Nullable FileText text,
            String home,
            Consumer<String> warnings) {
        return new ConfigurationReader(environment, home, warnings).read(line, text);
    }

    private Configuration read(CommandLineValues line, @Nullable FileText text) {
        Variables variables = new Variables(environment, faults);
        SettingsFile file = text == null ? SettingsFile.none() : SettingsFile.read(text.name(), text.content(), faults);
        Map<Setting, Given> values = new EnumMap<>(Setting.class);
        values.putAll(file.settings());
        values.putAll(variables.settings());
        values.putAll(line.canonical(faults));
        List<Draft> drafts = drafts(line, variables, file, values);
        ProcessSettings process = new ProcessSettings(values, faults);
        Checks.providers(drafts, faults);
        Checks.process(process, drafts, faults);
        Optional<String> token = process.given(Setting.MANAGEMENT_TOKEN_FILE)
                .flatMap(given -> SecretFile.read(given, SecretFile::token, faults, warnings));
        Configuration.Store store = process.store(this::stateFolder);
        process.given(Setting.STORE_HMAC_KEY_FILE)
                .ifPresent(given -> SecretFile.read(given, SecretFile::hmacKey, faults, warnings));
        Configuration.@Nullable History history = process.history(this::stateFolder);
        faults.refuse();
        return new Configuration(
                drafts.stream().map(ConfigurationReader::complete).toList(),
                process.listen(Setting.HOST, Setting.PORT),
                process.listen(Setting.MANAGEMENT_HOST, Setting.MANAGEMENT_PORT),
                token.orElse(null),
                process.limits(),
                store,
                history,
                process.words(Setting.CORS_ORIGINS),
                process.readyMargin(drafts),
                process.span(Setting.DRAIN_TIME),
                process.span(Setting.REREAD_WAIT),
                process.given(Setting.BASE_ADDRESS).map(Given::text).orElse(null));
    }

    /** All providers with their settings, in order: command line, variables, file. */
    private List<Draft> drafts(
            CommandLineValues line, Variables variables, SettingsFile file, Map<Setting, Given> values) {
        Map<String, Draft> drafts = new LinkedHashMap<>();
        Map<Setting, Given> shared = ofCache(values);
        List<ProviderAddress> given = new ArrayList<>(line.providers(faults));
        given.addAll(variables.providers());
        given.forEach(address -> add(new Draft(address, shared), drafts));
        for (Entry entry : file.providers()) {
            Map<Setting, Given> own = new EnumMap<>(Setting.class);
            own.putAll(shared);
            own.putAll(entry.settings());
            add(new Draft(entry.address(), own), drafts);
        }
        variables.jwksUri().ifPresent(address -> {
            Draft known = drafts.get(address.name());
            // The same twice is often so where other programs read that variable too.
            if (known == null || !known.address().address().equals(address.address())) {
                add(new Draft(address, shared), drafts);
            }
        });
        if (!(line.mentionsProviders() || variables.mentionsProviders() || file.mentionsProviders())
                || (drafts.isEmpty() && faults.isEmpty())) {
            faults.add(
                    "no provider is named; give [NAME=]ADDRESS with the address of an issuer or of a key set, set JWKS_URI,"
                            + " or name a file with providers in it (--config)");
        }
        return List.copyOf(drafts.values());
    }

    private void add(Draft draft, Map<String, Draft> drafts) {
        ProviderAddress address = draft.address();
        Draft first = drafts.putIfAbsent(address.name(), draft);
        if (first != null) {
            faults.add(address.source() + ": there is a provider " + address.name() + " already, by "
                    + first.address().source() + "; give each a name of its own (NAME=ADDRESS), or remove one");
        }
    }

    private static Map<Setting, Given> ofCache(Map<Setting, Given> values) {
        Map<Setting, Given> found = new EnumMap<>(Setting.class);
        values.forEach((setting, given) -> {
            if (setting.scope() == Scope.CACHE) {
                found.put(setting, given);
            }
        });
        return found;
    }

    private static ProviderConfiguration complete(Draft draft) {
        return configuration(draft.address(), draft.settings());
    }

    static ProviderConfiguration configuration(ProviderAddress address, Map<Setting, Given> settings) {
        Map<String, String> values = new LinkedHashMap<>();
        settings.forEach((setting, given) -> values.put(setting.key(), given.text()));
        return new ProviderConfiguration(address.name(), address.address(), address.kind(), values);
    }

    private Path stateFolder(String inside) {
        try {
            return StateFolder.of(environment, home).toAbsolutePath().resolve(inside);
        } catch (IllegalArgumentException e) {
            faults.add(String.valueOf(e.getMessage()));
            return Path.of(inside);
        }
    }
}
