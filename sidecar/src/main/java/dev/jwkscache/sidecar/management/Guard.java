package dev.jwkscache.sidecar.management;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says which requests are refused. Thread-safe.
 *
 * <p>On loopback every program of this machine may ask, and so may every page in its browser unless it is kept out: a page
 * whose name was turned to 127.0.0.1 (DNS rebinding) is told by the {@code Host} that it sends, and one that posts across
 * origins cannot add a header field without asking first, which nobody answers. Where others can reach the server, they need
 * the token.
 */
final class Guard {
    private static final String BEARER = "Bearer ";

    private final boolean loopback;
    private final OwnHosts hosts;
    private volatile @Nullable String token;

    /**
     * Guards a server.
     *
     * @param loopback whether only this machine can reach it
     * @param host where it was told to listen
     * @param token without which nothing is told that is not open; null for none
     * @throws IllegalArgumentException if others can reach it and there is no token
     */
    Guard(boolean loopback, String host, @Nullable String token) {
        this.loopback = loopback;
        this.hosts = new OwnHosts(host);
        token(token);
    }

    /**
     * From now on this token counts.
     *
     * @return whether it is another one
     * @throws IllegalArgumentException if others can reach the server and there is no token; the old one stays
     */
    boolean token(@Nullable String next) {
        if (!loopback && (next == null || next.isBlank())) {
            throw new IllegalArgumentException(
                    "the management server does not listen on loopback, so that others can reach"
                            + " it: set management-token-file, or management-host to 127.0.0.1");
        }
        String before = token;
        token = next;
        return next == null ? before != null : !next.equals(before);
    }

    /**
     * Why a request is refused; null if it is not.
     *
     * @param route what is at its path; null if nothing is
     */
    @Nullable
    Reply refusal(HttpServerRequest request, @Nullable Route route) {
        if (!request.uri().startsWith("/")) {
            return Reply.error(400, "the target of a request is a path");
        }
        if (loopback && !hosts.ours(request.headers().getAll(HttpHeaders.HOST))) {
            return Reply.error(
                    403,
                    "the Host of this request is not this server's: ask for localhost, 127.0.0.1 or management-host");
        }
        if ((route == null || !route.open()) && !authorized(request)) {
            return Reply.error(
                    401,
                    "the management token is needed, as «Authorization: Bearer …»",
                    Map.of("WWW-Authenticate", "Bearer realm=\"jwks-cache\""));
        }
        if (route == null) {
            return Reply.error(
                    404, "there is nothing at this path, or no provider of this name; /api/status lists them");
        }
        if (!route.takes(request.method())) {
            return Reply.error(405, "here is only " + route.methods(), Map.of("Allow", route.methods()));
        }
        if (route.action() && !"1".equals(request.getHeader("X-Jwks-Cache"))) {
            return Reply.error(403, "a POST needs the header field «X-Jwks-Cache: 1», which no foreign page can send");
        }
        return null;
    }

    private boolean authorized(HttpServerRequest request) {
        String expected = token;
        if (expected == null) {
            return true;
        }
        List<String> given = request.headers().getAll(HttpHeaders.AUTHORIZATION);
        if (given.size() != 1 || !given.get(0).regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return false;
        }
        // How long it takes must not tell how much of it was right.
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.UTF_8),
                given.get(0).substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8));
    }
}
