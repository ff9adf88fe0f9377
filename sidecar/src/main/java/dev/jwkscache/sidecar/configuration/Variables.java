package dev.jwkscache.sidecar.configuration;

import dev.jwkscache.sidecar.configuration.ProviderConfiguration.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the environment. A variable that is set to nothing counts as not set. */
final class Variables {
    static final String CONFIG = "JWKS_CACHE_CONFIG";
    static final String JWKS_URI = "JWKS_URI";
    static final String PROVIDERS = "JWKS_CACHE_PROVIDERS";
    static final String ISSUERS = "JWKS_CACHE_ISSUER";
    static final String JWKS_URIS = "JWKS_CACHE_JWKS_URI";

    /** Read by somebody else: the launcher, and the state folder. */
    private static final Set<String> OTHERS =
            Set.of("JWKS_CACHE_NO_BUILD", "JWKS_CACHE_JAVA_OPTS", "JWKS_CACHE_STATE_FOLDER", CONFIG);

    private final Map<String, String> environment;
    private final Faults faults;

    Variables(Map<String, String> environment, Faults faults) {
        this.environment = environment;
        this.faults = faults;
    }

    /** What is set, in canonical form. */
    Map<Setting, Given> settings() {
        refuseUnknown();
        Map<Setting, Given> found = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            Given own = read(setting, setting.variable());
            Given alias = setting.alias().map(name -> read(setting, name)).orElse(null);
            if (own != null && alias != null && !own.text().equals(alias.text())) {
                faults.add(alias.source() + " is " + alias.text() + ", but " + own.source() + " is " + own.text()
                        + ", and both are " + setting.key() + "; unset one of them");
            }
            Given given = own != null ? own : alias;
            if (given != null) {
                found.put(setting, given);
            }
        }
        return found;
    }

    /** The providers of {@code JWKS_CACHE_PROVIDERS} and its like; not that of {@code JWKS_URI}. */
    List<ProviderAddress> providers() {
        List<ProviderAddress> found = new ArrayList<>();
        addProviders(PROVIDERS, null, found);
        addProviders(ISSUERS, Kind.ISSUER, found);
        addProviders(JWKS_URIS, Kind.JWKS_URI, found);
        return found;
    }

    /** Whether a provider is written there, right or wrong. */
    boolean mentionsProviders() {
        return Stream.of(PROVIDERS, ISSUERS, JWKS_URIS, JWKS_URI)
                .anyMatch(name -> !value(name).isEmpty());
    }

    /** The provider of the original module. */
    Optional<ProviderAddress> jwksUri() {
        String value = value(JWKS_URI);
        return value.isEmpty()
                ? Optional.empty()
                : ProviderAddress.of(ProviderAddress.DEFAULT, value, Kind.JWKS_URI, JWKS_URI, faults);
    }

    private void addProviders(String variable, @Nullable Kind kind, List<ProviderAddress> found) {
        for (String text : value(variable).split("\\s+")) {
            if (!text.isEmpty()) {
                ProviderAddress.parse(text, kind, variable, faults).ifPresent(found::add);
            }
        }
    }

    private @Nullable Given read(Setting setting, String variable) {
        String value = value(variable);
        return value.isEmpty()
                ? null
                : Reading.canonical(new Given(setting, variable, value), faults).orElse(null);
    }

    private void refuseUnknown() {
        Set<String> known = new HashSet<>(OTHERS);
        known.addAll(List.of(PROVIDERS, ISSUERS, JWKS_URIS));
        Arrays.stream(Setting.values()).map(Setting::variable).forEach(known::add);
        Stream<String> ours = environment.keySet().stream().filter(name -> name.startsWith(Setting.VARIABLES));
        for (String name : new TreeSet<>(ours.toList())) {
            if (!known.contains(name)) {
                faults.add("the variable " + Faults.quoted(name) + " is not known"
                        + Nearest.question(name, new TreeSet<>(known)));
            }
        }
    }

    private String value(String variable) {
        return environment.getOrDefault(variable, "").strip();
    }
}
