package dev.jwkscache.sidecar.management;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which values of {@code Host} (RFC 9110 §7.2) mean this server: names and literals of loopback that no DNS can give away,
 * and the host that the user chose. The port counts for nothing: a tunnel may have another. Pure.
 */
final class OwnHosts {
    /** A name or literal, and perhaps a port. */
    private static final Pattern FIELD = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^\\[\\]:/?#@\\s]+)(?::\\d{0,5})?");

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(?:\\.\\d{1,3}){3}|\\[::1]");

    private final String configured;

    /**
     * The loopback hosts and one more.
     *
     * @param configured a name or literal, an IPv6 literal with or without brackets
     */
    OwnHosts(String configured) {
        boolean bare = configured.indexOf(':') >= 0 && !configured.startsWith("[");
        this.configured = (bare ? "[" + configured + "]" : configured).toLowerCase(Locale.ROOT);
    }

    /** Whether a request with these fields {@code Host} is meant for this server; there must be exactly one. */
    boolean ours(List<String> fields) {
        String host = fields.size() == 1 ? host(fields.get(0)) : null;
        return host != null
                && (host.equals(configured) || LOOPBACK.matcher(host).matches());
    }

    private static @Nullable String host(String field) {
        Matcher matcher = FIELD.matcher(field);
        return matcher.matches() ? matcher.group(1).toLowerCase(Locale.ROOT) : null;
    }
}
