package dev.jwkscache;

import java.net.URI;
import java.util.List;
import java.util.stream.Stream;

/** The addresses at which an issuer may publish its metadata. Pure. */
final class WellKnown {
    private static final String OPENID = "/.well-known/openid-configuration";
    private static final String OAUTH = "/.well-known/oauth-authorization-server";

    private WellKnown() {}

    /**
     * The addresses in the order in which they are tried: OpenID Connect Discovery 1.0 §4 appends to the issuer, RFC 8414
     * §3.1 inserts before its path, and §5 does so with the name of OpenID.
     */
    static List<URI> addresses(URI issuer) {
        String path = issuer.getRawPath();
        String stem = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return Stream.of(stem + OPENID, OAUTH + stem, OPENID + stem)
                .distinct()
                .map(place -> Addresses.at(issuer, place))
                .toList();
    }

    /** Whether a status says that nothing is there, so that the next address is tried. */
    static boolean isNotHere(int status) {
        // 408, 425 and 429 say «not now».
        return status >= 400 && status < 500 && status != 408 && status != 425 && status != 429;
    }
}
