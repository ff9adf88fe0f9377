package com.example.orders;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksException;
import dev.jwkscache.UnknownKeyException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.text.ParseException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;

/** GET /orders for whoever has a token that ISSUER made for «orders». */
public final class Orders {
    private final JwksCache cache;
    private final DefaultJWTClaimsVerifier<SecurityContext> claims;

    Orders(JwksCache cache, String issuer) {
        this.cache = cache;
        this.claims = new DefaultJWTClaimsVerifier<>(
                "orders", new JWTClaimsSet.Builder().issuer(issuer).build(), Set.of("sub", "exp"));
    }

    public static void main(String[] args) throws IOException {
        String issuer = Objects.requireNonNull(System.getenv("ISSUER"), "ISSUER is not set: what tokens have in «iss»");
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));

        JwksCache cache = JwksCache.forIssuer(URI.create(issuer)).build();
        cache.startAsync(); // The service is up whatever the issuer does, and says 503 until there are keys.
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/orders", new Orders(cache, issuer)::answer);
        server.start();
        System.out.println("listening on http://127.0.0.1:" + server.getAddress().getPort());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.stop(1);
            cache.close();
        }));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        try {
            if (authorization == null || !authorization.startsWith("Bearer ")) {
                throw new GeneralSecurityException("there is no token");
            }
            reply(exchange, 200, "orders of " + subject(authorization.substring(7)));
        } catch (UnknownKeyException | ParseException | GeneralSecurityException | BadJWTException refused) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer error=\"invalid_token\"");
            reply(exchange, 401, "this token is not accepted");
        } catch (JwksException noKeys) { // Our fault and not the caller's: nobody is to be logged out for it.
            Duration wait = noKeys.retryAfter().orElse(Duration.ZERO);
            exchange.getResponseHeaders().set("Retry-After", String.valueOf(wait.toSeconds() + 1));
            reply(exchange, 503, "tokens cannot be checked at the moment");
        }
    }

    private String subject(String token) throws ParseException, GeneralSecurityException, BadJWTException {
        SignedJWT jwt = SignedJWT.parse(token);
        String alg = jwt.getHeader().getAlgorithm().getName();
        if (!alg.equals("RS256")) { // We say which algorithms are accepted; the header is whatever the caller wrote.
            throw new GeneralSecurityException("not an algorithm we accept");
        }
        Signature signature = cache.key(jwt.getHeader().getKeyID(), alg).newSignature();
        signature.update(jwt.getSigningInput());
        if (!signature.verify(jwt.getSignature().decode())) {
            throw new GeneralSecurityException("the signature does not fit");
        }
        claims.verify(jwt.getJWTClaimsSet(), null);
        return jwt.getJWTClaimsSet().getSubject();
    }

    private static void reply(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            byte[] body = (text + "\n").getBytes(UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
