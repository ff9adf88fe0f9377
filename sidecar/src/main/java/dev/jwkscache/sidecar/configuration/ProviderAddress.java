package dev.jwkscache.sidecar.configuration;

import dev.jwkscache.sidecar.Address;
import dev.jwkscache.sidecar.CommandFailure;
import dev.jwkscache.sidecar.configuration.ProviderConfiguration.Kind;
import java.net.URI;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A provider's name and address, as they are written in one text or two.
 *
 * @param source where they are written
 */
record ProviderAddress(String name, URI address, Kind kind, String source) {
    static final String DEFAULT = "default";

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
    /** First segments of paths of the servers. */
    private static final Set<String> RESERVED = Set.of("api", "health", "metrics", "page", "demo");

    private static final Set<String> WORDS_OF_SETS = Set.of("keys", "certs", "jwk");

    /**
     * Reads {@code [NAME=]ADDRESS}.
     *
     * @param kind null to go by the look of the address
     */
    static Optional<ProviderAddress> parse(String text, @Nullable Kind kind, String source, Faults faults) {
        int equals = text.indexOf('=');
        // An address may hold one in its query, but no name holds what comes before that.
        boolean named = equals >= 0 && text.substring(0, equals).indexOf(':') < 0;
        return named
                ? of(text.substring(0, equals).strip(), text.substring(equals + 1), kind, source, faults)
                : of(DEFAULT, text, kind, source, faults);
    }

    /** The same with the name apart. */
    static Optional<ProviderAddress> of(String name, String text, @Nullable Kind kind, String source, Faults faults) {
        boolean nameIsFit = checkName(name, source, faults);
        URI address;
        try {
            address = Address.parse(text, true);
        } catch (CommandFailure refused) {
            faults.add(source + ": " + refused.getMessage()
                    + "; write [NAME=]ADDRESS with an address such as https://idp.example/realms/main");
            return Optional.empty();
        }
        List<String> segments = segments(address);
        if (kind == null
                && segments.contains(".well-known")
                && last(segments).matches("(openid-configuration|oauth-authorization-server)")) {
            faults.add(source + ": " + Address.show(address)
                    + " is the address of metadata; name the issuer, which is mostly what comes before /.well-known");
            return Optional.empty();
        }
        Kind is = kind == null ? kindOf(address) : kind;
        if (is == Kind.ISSUER && address.getRawQuery() != null) {
            faults.add(source + ": the issuer " + Address.show(address)
                    + " has a query, which no issuer has; name it as the claim iss of its tokens does");
            return Optional.empty();
        }
        return nameIsFit ? Optional.of(new ProviderAddress(name, address, is, source)) : Optional.empty();
    }

    /**
     * What an address is by its look: a jwks_uri if a segment of its path has {@code jwks} in it, the last one has the word
     * {@code keys}, {@code certs} or {@code jwk} or ends in {@code .json}, the last but one is {@code jwk}, or it has a query;
     * else an issuer.
     */
    static Kind kindOf(URI address) {
        List<String> segments = segments(address);
        String last = last(segments);
        String before = segments.size() < 2 ? "" : segments.get(segments.size() - 2);
        boolean isSet = address.getRawQuery() != null
                || segments.stream().anyMatch(segment -> segment.contains("jwks"))
                || last.endsWith(".json")
                || !Collections.disjoint(WORDS_OF_SETS, Arrays.asList(last.split("[^a-z0-9]+")))
                || before.equals("jwk");
        return isSet ? Kind.JWKS_URI : Kind.ISSUER;
    }

    private static boolean checkName(String name, String source, Faults faults) {
        if (!NAME.matcher(name).matches()) {
            faults.add(source + ": " + Faults.quoted(name)
                    + " is no name of a provider; it must be 1 to 63 of a-z, 0-9, dot, hyphen and underscore, and begin with a"
                    + " letter or digit");
            return false;
        }
        if (RESERVED.contains(name)) {
            faults.add(source + ": no provider can be named " + name + ", where the sidecar has pages of its own; take"
                    + " another name than "
                    + String.join(", ", RESERVED.stream().sorted().toList()));
            return false;
        }
        return true;
    }

    private static List<String> segments(URI address) {
        return Arrays.stream(address.getRawPath().toLowerCase(Locale.ROOT).split("/"))
                .filter(segment -> !segment.isEmpty())
                .toList();
    }

    private static String last(List<String> segments) {
        return segments.isEmpty() ? "" : segments.get(segments.size() - 1);
    }
}
