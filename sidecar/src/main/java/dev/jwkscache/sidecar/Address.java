package dev.jwkscache.sidecar;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Addresses of key sets by the rules of the library, so that a command can refuse one in its own words. */
public final class Address {
    private static final int SHOWN = 200;

    private Address() {}

    /**
     * Reads an address that a user gave.
     *
     * @throws CommandFailure if it is none, holds credentials or a fragment, or is plain http without permission
     */
    public static URI parse(String text, boolean plainHttpAllowed) {
        URI address;
        try {
            address = new URI(text.strip());
        } catch (URISyntaxException e) {
            throw new CommandFailure(shown(text) + " is no address: " + e.getReason());
        } catch (NumberFormatException e) {
            // The reader of JDK 17 fails in this way at a number in an IPv6 address that no int can hold.
            throw new CommandFailure(shown(text) + " is no address: a number in its host is too large");
        }
        String host = address.getHost();
        if (host == null || !isHttp(address)) {
            throw new CommandFailure(shown(text) + " is no http or https address with a host");
        }
        if (address.getRawUserInfo() != null) {
            throw new CommandFailure("the address at host " + Printable.of(host, SHOWN)
                    + " holds a user name or password; key sets are public, leave the part before @ out");
        }
        if (address.getRawFragment() != null) {
            throw new CommandFailure(show(address) + " has a fragment; remove the part from #");
        }
        if (isPlain(address) && !plainHttpAllowed && !isLoopback(host)) {
            throw new CommandFailure(show(address)
                    + " is plain http: whoever is on the way could replace the keys; use https, or --allow-plain-http");
        }
        return address;
    }

    /** A text that is no address, without what may be a password in it: all that stands before the last @. */
    public static String shown(String text) {
        return "'" + Printable.of(text.replaceFirst("(?s)^([^/]*//)?.*@", "$1***@"), SHOWN) + "'";
    }

    /** Whether the text means an address rather than a file. */
    public static boolean looksLikeOne(String text) {
        return text.matches("(?s)\\s*[A-Za-z][A-Za-z0-9+.-]*://.*") || text.matches("(?is)\\s*https?:.*");
    }

    public static boolean isHttp(URI address) {
        String scheme = address.getScheme();
        return scheme != null && scheme.toLowerCase(Locale.ROOT).matches("https?");
    }

    public static boolean isPlain(URI address) {
        return "http".equalsIgnoreCase(address.getScheme());
    }

    /** Loopback by name or literal; decided without asking DNS. */
    public static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost")
                || host.equals("[::1]")
                || host.equals("[0:0:0:0:0:0:0:1]")
                || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }

    public static boolean sameOrigin(URI one, URI other) {
        return one.getScheme().equalsIgnoreCase(other.getScheme())
                && one.getHost().equalsIgnoreCase(other.getHost())
                && port(one) == port(other);
    }

    /** The address for people: escaped, and without its query, which may hold a secret. */
    public static String show(URI address) {
        String text = address.toString();
        int query = text.indexOf('?');
        return Printable.of(query < 0 ? text : text.substring(0, query), SHOWN) + (query < 0 ? "" : "?…");
    }

    private static int port(URI address) {
        if (address.getPort() >= 0) {
            return address.getPort();
        }
        return isPlain(address) ? 80 : 443;
    }
}
