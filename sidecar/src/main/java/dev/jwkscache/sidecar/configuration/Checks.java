package dev.jwkscache.sidecar.configuration;

import dev.jwkscache.sidecar.Address;
import dev.jwkscache.sidecar.configuration.ConfigurationReader.Draft;
import dev.jwkscache.sidecar.configuration.ProviderConfiguration.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds settings that contradict each other. */
final class Checks {
    private static final String REFUSAL = "jwks-cache cannot start: ";

    /** Stands for any address, since a second cache of one that is open already would be warned of. */
    private static final URI STAND_IN = URI.create("https://provider.invalid/keys");

    private static final Pattern NAMES_OF_LIBRARY = namesOfLibrary();

    private Checks() {}

    /** Checks each provider, and tells once what is wrong with several for the same reason. */
    static void providers(List<Draft> drafts, Faults faults) {
        Map<String, StringJoiner> byFault = new LinkedHashMap<>();
        for (Draft draft : drafts) {
            for (String fault : List.of(
                    addressFault(draft), fetchBaseFault(draft), authorizationFault(draft), libraryFault(draft))) {
                if (!fault.isEmpty()) {
                    byFault.computeIfAbsent(fault, key -> new StringJoiner(", "))
                            .add(draft.address().name());
                }
            }
        }
        byFault.forEach((fault, names) -> faults.add("provider " + names + ": " + fault));
    }

    static void process(ProcessSettings process, List<Draft> drafts, Faults faults) {
        String keys = process.value(Setting.PORT);
        if (!keys.equals("0") && keys.equals(process.value(Setting.MANAGEMENT_PORT))) {
            faults.add(process.source(Setting.PORT) + " is " + keys + " and so is "
                    + process.source(Setting.MANAGEMENT_PORT) + "; the two servers need a port each");
        }
        String host = process.value(Setting.MANAGEMENT_HOST);
        if (!isLoopback(host) && process.given(Setting.MANAGEMENT_TOKEN_FILE).isEmpty()) {
            faults.add(process.source(Setting.MANAGEMENT_HOST) + " is " + Faults.quoted(host)
                    + ", which others can reach; set management-token-file, or listen on 127.0.0.1");
        }
        process.given(Setting.READY_MARGIN).ifPresent(given -> {
            Duration margin = CacheDraft.duration(given.text());
            for (Draft draft : drafts) {
                Duration most = maxStaleness(draft.settings());
                if (margin.compareTo(most) >= 0) {
                    faults.add(given.source() + " is " + given.text() + " s, but the keys of "
                            + draft.address().name() + " live " + most.toMillis() / 1000.0
                            + " s (max-staleness), so that the sidecar would never be ready; lower it, or raise"
                            + " max-staleness");
                }
            }
        });
    }

    /** Loopback by name or literal, with or without brackets. */
    static boolean isLoopback(String host) {
        return Address.isLoopback(host.indexOf(':') < 0 ? host : "[" + host + "]");
    }

    /** What max staleness is if these are set, by the rules of the library for what is not. */
    static Duration maxStaleness(Map<Setting, Given> settings) {
        Duration most = Duration.ofHours(1);
        for (Setting setting :
                List.of(Setting.MAX_STALENESS, Setting.TIME_TO_LIVE, Setting.REFRESH_INTERVAL, Setting.FETCH_TIMEOUT)) {
            Given given = settings.get(setting);
            if (given != null) {
                Duration span = CacheDraft.duration(given.text());
                if (setting == Setting.MAX_STALENESS) {
                    return span;
                }
                most = span.compareTo(most) > 0 ? span : most;
            }
        }
        return most;
    }

    private static String addressFault(Draft draft) {
        ProviderAddress at = draft.address();
        boolean reachedElsewhere = at.kind() == Kind.ISSUER && draft.settings().containsKey(Setting.FETCH_BASE);
        return reachedElsewhere ? "" : plainHttpFault(at.source(), at.address(), draft);
    }

    private static String fetchBaseFault(Draft draft) {
        Given base = draft.settings().get(Setting.FETCH_BASE);
        if (base == null) {
            return "";
        }
        return draft.address().kind() == Kind.ISSUER
                ? plainHttpFault(base.source(), URI.create(base.text()), draft)
                : base.source() + " is set, but only an issuer is reached elsewhere; leave it out for a jwks_uri";
    }

    private static String plainHttpFault(String source, URI address, Draft draft) {
        Given allowed = draft.settings().get(Setting.ALLOW_PLAIN_HTTP);
        boolean fine = !Address.isPlain(address)
                || Address.isLoopback(address.getHost())
                || (allowed != null && allowed.text().equals("on"));
        return fine
                ? ""
                : source + ": " + Address.show(address)
                        + " is plain http: whoever is on the way could replace the keys; use"
                        + " https, or set allow-plain-http=on";
    }

    private static String authorizationFault(Draft draft) {
        Given header = draft.settings().get(Setting.HEADER);
        Given token = draft.settings().get(Setting.BEARER_TOKEN_FILE);
        if (header == null
                || token == null
                || header.text()
                        .lines()
                        .noneMatch(line -> line.toLowerCase(Locale.ROOT).startsWith("authorization:"))) {
            return "";
        }
        return header.source() + " and " + token.source() + " both set the field Authorization; remove one of them";
    }

    /** What the library says to the settings, in the words of the sidecar. */
    private static String libraryFault(Draft draft) {
        Map<Setting, Given> settings = new EnumMap<>(Setting.class);
        settings.putAll(draft.settings());
        // Those two are told above.
        settings.remove(Setting.FETCH_BASE);
        settings.remove(Setting.ALLOW_PLAIN_HTTP);
        ProviderAddress standIn = new ProviderAddress(draft.address().name(), STAND_IN, Kind.JWKS_URI, "");
        try {
            ConfigurationReader.configuration(standIn, settings)
                    .builder()
                    .build()
                    .close();
            return "";
        } catch (IllegalArgumentException refused) {
            String message = String.valueOf(refused.getMessage());
            String faults = message.startsWith(REFUSAL) ? message.substring(REFUSAL.length()) : message;
            return inOurWords(faults, settings) + "; lower the one or raise the other";
        }
    }

    private static String inOurWords(String faults, Map<Setting, Given> settings) {
        return NAMES_OF_LIBRARY.matcher(faults).replaceAll(name -> {
            Setting setting = byNameInLibrary(name.group());
            return Matcher.quoteReplacement(Optional.ofNullable(settings.get(setting))
                    .map(given -> given.source().endsWith(setting.key())
                            ? given.source()
                            : setting.key() + " (" + given.source() + ")")
                    .orElse(setting.key()));
        });
    }

    private static Setting byNameInLibrary(String name) {
        return Setting.of(Scope.CACHE).stream()
                .filter(setting -> setting.nameInLibrary().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Pattern namesOfLibrary() {
        StringJoiner names = new StringJoiner("|");
        Setting.of(Scope.CACHE).stream()
                .filter(setting -> setting.kind() == ValueKind.SPAN)
                .forEach(setting -> names.add(Pattern.quote(setting.nameInLibrary())));
        return Pattern.compile(names.toString());
    }
}
