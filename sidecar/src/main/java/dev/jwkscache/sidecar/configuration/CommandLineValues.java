package dev.jwkscache.sidecar.configuration;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands on the command line, as written.
 *
 * @param settings every value of every option, in order
 * @param addresses the plain arguments
 * @param issuers values of {@code --issuer}
 * @param jwksUris values of {@code --jwks-uri}
 */
record CommandLineValues(
        Map<Setting, List<String>> settings, List<String> addresses, List<String> issuers, List<String> jwksUris) {
    private static final String ADDRESS = "ADDRESS";

    CommandLineValues {
        Map<Setting, List<String>> inOrder = new EnumMap<>(Setting.class);
        inOrder.putAll(settings);
        settings = Collections.unmodifiableMap(inOrder);
        addresses = List.copyOf(addresses);
        issuers = List.copyOf(issuers);
        jwksUris = List.copyOf(jwksUris);
    }

    /** What is set, in canonical form. */
    Map<Setting, Given> canonical(Faults faults) {
        Map<Setting, Given> found = new EnumMap<>(Setting.class);
        settings.forEach((setting, values) -> {
            String flag = setting.flag().orElseThrow();
            if (values.size() > 1 && !setting.kind().isMany()) {
                faults.add(flag + " is given " + values.size() + " times; give it once");
                return;
            }
            String text = String.join(" ", values);
            if (setting == Setting.STORE_REDIS && text.indexOf('@') >= 0) {
                faults.add(flag
                        + " has a user name or password in it, and every user of this machine can read the command line;"
                        + " set the variable " + setting.variable() + " or the file instead");
                return;
            }
            Reading.canonical(new Given(setting, flag, text), faults).ifPresent(given -> found.put(setting, given));
        });
        return found;
    }

    /** Whether a provider is written there, right or wrong. */
    boolean mentionsProviders() {
        return !(addresses.isEmpty() && issuers.isEmpty() && jwksUris.isEmpty());
    }

    List<ProviderAddress> providers(Faults faults) {
        List<ProviderAddress> found = new ArrayList<>();
        add(addresses, null, ADDRESS, found, faults);
        add(issuers, ProviderConfiguration.Kind.ISSUER, "--issuer", found, faults);
        add(jwksUris, ProviderConfiguration.Kind.JWKS_URI, "--jwks-uri", found, faults);
        return found;
    }

    private static void add(
            List<String> texts,
            ProviderConfiguration.@Nullable Kind kind,
            String source,
            List<ProviderAddress> found,
            Faults faults) {
        texts.forEach(text -> ProviderAddress.parse(text, kind, source, faults).ifPresent(found::add));
    }
}
