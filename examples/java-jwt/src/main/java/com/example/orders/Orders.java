package com.example.orders;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksException;
import dev.jwkscache.javajwt.JwksCacheAlgorithm;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executors;

/** GET /orders for whoever has a token that ISSUER made for «orders». */
public final class Orders {
    private final JWTVerifier verifier;

    Orders(JwksCache cache, String issuer) {
        this.verifier = JWT.require(JwksCacheAlgorithm.of(cache, "RS256"))
                .withIssuer(issuer)
                .withAudience("orders")
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
                throw new JWTVerificationException("there is no token");
            }
            String subject = verifier.verify(authorization.substring(7)).getSubject();
            reply(exchange, 200, "orders of " + subject);
        } catch (JWTVerificationException refused) {
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
