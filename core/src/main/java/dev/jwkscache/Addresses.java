package dev.jwkscache;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an address that keys depend on may be, and which redirect target is still that address's origin (RFC 6454). */
final class Addresses {
    private Addresses() {}

    static void check(URI address, boolean plainHttpAllowed, List<String> faults) {
        check("jwks_uri", address, plainHttpAllowed, faults);
    }

    /** The same for an address that messages call by another name. */
    static void check(String name, URI address, boolean plainHttpAllowed, List<String> faults) {
        String safe = SafeText.address(address);
        String scheme = address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
        if (address.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
            faults.add("the " + name + " " + safe + " is no http or https address with a host");
            return;
        }
        if (address.getRawUserInfo() != null) {
            faults.add("the " + name + " at host " + SafeText.of(address.getHost())
                    + " holds a user name or password; addresses are logged, so credentials cannot be part of one");
        }
        if (address.getRawFragment() != null) {
            faults.add("the " + name + " " + safe + " has a fragment; remove the part from #");
        }
        if (scheme.equals("http") && !plainHttpAllowed && !isLoopback(address.getHost())) {
            faults.add("the " + name + " " + safe + " is plain http: whoever is on the way could replace the keys;"
                    + " use https, or allow it with allowPlainHttp(true)");
        }
    }

    /** The address of the same path and query at another origin. */
    static URI at(URI origin, URI address) {
        String query = address.getRawQuery();
        return at(origin, address.getRawPath() + (query == null ? "" : "?" + query));
    }

    /** The address of that path at an origin. */
    static URI at(URI origin, String path) {
        return URI.create(origin.getScheme() + "://" + origin.getRawAuthority() + path);
    }

    static boolean sameOrigin(URI one, URI other) {
        return one.getScheme().equalsIgnoreCase(other.getScheme())
                && one.getHost().equalsIgnoreCase(other.getHost())
                && port(one) == port(other);
    }

    /** Loopback by name or literal; decided without asking DNS. */
    private static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost")
                || host.equals("[::1]")
                || host.equals("[0:0:0:0:0:0:0:1]")
                || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }

    private static int port(URI address) {
        if (address.getPort() >= 0) {
            return address.getPort();
        }
        return address.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    }

    /**
     * Where a redirect leads.
     *
     * @throws FetchException if it leads to another origin, to plain http, or nowhere
     */
    static URI redirectTarget(URI from, @Nullable String location) throws FetchException {
        if (location == null) {
            throw new FetchException(FailureReason.REDIRECT, "a redirect without Location");
        }
        URI target;
        try {
            target = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new FetchException(FailureReason.REDIRECT, "a redirect to no address: " + SafeText.quoted(location));
        }
        if (target.getHost() == null || target.getScheme() == null || !sameOrigin(from, target)) {
            throw new FetchException(
                    FailureReason.REDIRECT,
                    "a redirect to another origin is not followed: " + SafeText.quoted(location)
                            + "; if it is right, make it the jwks_uri");
        }
        return target;
    }
}
