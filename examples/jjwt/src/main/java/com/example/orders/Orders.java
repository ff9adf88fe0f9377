package com.example.orders;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksException;
import dev.jwkscache.jjwt.JwksCacheLocator;
import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.JwtParser;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.MalformedJwtException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;

/** GET /orders for whoever has a token that ISSUER made for «orders». */
public final class Orders {
    private final JwtParser parser;

    Orders(JwksCache cache, String issuer) {
        this.parser = Jwts.parser()
                .keyLocator(JwksCacheLocator.of(cache, Set.of("RS256")))
                .requireIssuer(issuer)
                .requireAudience("orders")
                .build();
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
                throw new MalformedJwtException("there is no token");
            }
            String subject = parser.parseSignedClaims(authorization.substring(7))
                    .getPayload()
                    .getSubject();
            reply(exchange, 200, "orders of " + subject);
        } catch (JwtException | IllegalArgumentException refused) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer error=\"invalid_token\"");
            reply(exchange, 401, "this token is not accepted");
        } catch (JwksException noKeys) { // Our fault and not the caller's: nobody is to be logged out for it.
            Duration wait = noKeys.retryAfter().orElse(Duration.ZERO);
            exchange.getResponseHeaders().set("Retry-After", String.valueOf(wait.toSeconds() + 1));
            reply(exchange, 503, "tokens cannot be checked at the moment");
        }
    }

    private static void reply(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            byte[] body = (text + "\n").getBytes(UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
