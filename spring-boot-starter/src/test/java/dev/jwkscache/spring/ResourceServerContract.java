package dev.jwkscache.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.jwkscache.CacheState;
import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksCaches;
import dev.jwkscache.real.Eventually;
import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import dev.jwkscache.testkit.VirtualTime;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;

/** What a resource server owes its callers, with real requests to a whole application; the same for both stacks. */
abstract class ResourceServerContract {
    private static final String JWT = "spring.security.oauth2.resourceserver.jwt";
    /** Header {@code {"alg":"none"}}, claims {@code {"sub":"x"}}. */
    private static final String UNSIGNED = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.";
    /** Header {@code {"alg":"HS256","kid":"x"}}. */
    private static final String SYMMETRIC = "eyJhbGciOiJIUzI1NiIsImtpZCI6IngifQ.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";

    abstract WebApplicationType type();

    /** Adds a chain of filters that the application defines itself, with an entry point of its own. */
    abstract Class<?> ownSecurity();

    private Server.Plan plan() {
        return Server.of(type());
    }

    private Server.Plan planFor(ScriptedProvider provider) {
        return plan().property(JWT + ".issuer-uri", provider.issuer());
    }

    @Test
    void theIssuerAloneIsEnough() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start();
                Server server = planFor(provider).start()) {
            HttpResponse<String> hello = server.get(provider.token("RS256", Map.of("sub", "ann")));

            assertThat(hello.statusCode()).isEqualTo(200);
            assertThat(hello.body()).isEqualTo("hello ann");
            assertThat(server.context().getBeansOfType(JwksCache.class)).hasSize(1);
            assertThat(server.context().getBean(JwksCache.class).status().kids())
                    .containsExactly(provider.current("RS256").kid());
            assertRefused(server, provider.forgedToken(), altered(provider.token()), "x", "a.b.c", UNSIGNED, SYMMETRIC);
            assertThat(server.getWithoutToken().statusCode()).isEqualTo(401);
            assertThat(server.status(provider.token("RS256", Map.of("iss", "https://other.example"))))
                    .isEqualTo(401);
            assertThat(server.status(
                            provider.token("RS256", Map.of("exp", Instant.now().minusSeconds(3600)))))
                    .isEqualTo(401);
        }
    }

    @Test
    void theAddressOfTheKeysAloneIsEnough() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start("RS256", "ES256");
                Server server = plan().property(JWT + ".jwk-set-uri", provider.jwksUri())
                        .start()) {
            assertThat(server.status(provider.token("RS256"))).isEqualTo(200);
            assertThat(server.status(provider.token("RS256", Map.of("iss", "https://other.example"))))
                    .isEqualTo(200);
            assertRefused(server, provider.forgedToken(), altered(provider.token()), provider.token("ES256"));
        }
    }

    @Test
    void anIssuersKeysDecideWhichAlgorithmsAreAcceptedAndAPropertyNarrowsThem() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start(
                Stream.of("RS256", "PS256", "ES384", "Ed25519", "Ed448", "ML-DSA-44", "ML-DSA-65", "ML-DSA-87")
                        .filter(ScriptedProvider::supports)
                        .toArray(String[]::new))) {
            try (Server server = planFor(provider).start()) {
                for (SigningKey key : provider.keys()) {
                    assertThat(server.status(provider.tokenSignedBy(key, Map.of())))
                            .as(key.algorithm())
                            .isEqualTo(200);
                }
            }
            try (Server server = planFor(provider)
                    .property(JWT + ".jws-algorithms", "EdDSA,ES384")
                    .start()) {
                assertThat(server.status(provider.token("Ed25519"))).isEqualTo(200);
                assertThat(server.status(provider.token("ES384"))).isEqualTo(200);
                assertRefused(server, provider.token("RS256"), altered(provider.token("Ed25519")));
            }
        }
    }

    @Test
    void audiencesNamesOfPrincipalsAndValidatorsOfTheApplicationCount() throws Exception {
        OAuth2TokenValidator<Jwt> notBob = new NotBob();
        try (ScriptedProvider provider = ScriptedProvider.start();
                Server server = planFor(provider)
                        .property(JWT + ".audiences", "shop,bar")
                        .property(JWT + ".principal-claim-name", "name")
                        .bean(notBob)
                        .start()) {
            Map<String, Object> claims = Map.of("aud", List.of("shop"), "name", "Ann");

            assertThat(server.get(provider.token("RS256", claims)).body()).isEqualTo("hello Ann");
            assertRefused(
                    server,
                    provider.token("RS256", Map.of("name", "Ann")),
                    provider.token("RS256", Map.of("aud", List.of("zoo"), "name", "Ann")),
                    provider.token("RS256", Map.of("aud", List.of("shop"), "name", "Ann", "sub", "bob")));
        }
    }

    @Test
    void anApplicationStartsWhileItsProviderIsAwayAnswers503AndRecoversByItself() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start()) {
            provider.behave(Behaviour.refuse());
            try (Server server = planFor(provider).start()) {
                String token = provider.token();

                assertUnavailable(server.get(token));
                assertRefused(server, "x", "a.b.c", UNSIGNED, SYMMETRIC);
                assertThat(server.getWithoutToken().statusCode()).isEqualTo(401);

                provider.behave(Behaviour.healthy());
                Eventually.check(() -> assertThat(server.status(token)).isEqualTo(200));
                assertRefused(server, provider.forgedToken());
            }
        }
    }

    @Test
    void whileTheProviderIsAwayGoodTokensStayGoodAndForgedOnesForged() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start();
                Server server = planFor(provider).start()) {
            String token = provider.token();
            assertThat(server.status(token)).isEqualTo(200);

            provider.behave(Behaviour.refuse());
            assertThat(server.status(token)).isEqualTo(200);
            assertRefused(server, provider.forgedToken(), altered(token), "x", UNSIGNED);
            assertThat(server.status(token)).isEqualTo(200);
        }
    }

    @Test
    void keysAreServedStaleInAnOutageAndNeverExpired() throws Exception {
        VirtualTime time = new VirtualTime(Instant.now());
        try (ScriptedProvider provider = ScriptedProvider.inMemory(time);
                Server server = virtual(provider, time).start()) {
            JwksCache cache = server.context().getBean(JwksCache.class);
            String token = provider.token("RS256", Map.of("exp", Instant.now().plusSeconds(36_000)));
            assertThat(server.status(token)).isEqualTo(200);

            provider.behave(Behaviour.refuse());
            time.advance(Duration.ofMinutes(59));
            assertThat(cache.status().state()).isEqualTo(CacheState.STALE);
            assertThat(server.status(token)).isEqualTo(200);
            assertRefused(server, provider.forgedToken(), altered(token), "x", UNSIGNED);

            time.advance(Duration.ofMinutes(2));
            assertThat(cache.status().state()).isEqualTo(CacheState.EXPIRED);
            HttpResponse<String> refused = server.get(token);
            assertUnavailable(refused);
            Duration next = Duration.between(
                    time.wallClock().instant(), cache.status().nextAttempt().orElseThrow());
            assertThat(Long.parseLong(
                            refused.headers().firstValue("Retry-After").orElseThrow()))
                    .isEqualTo(Math.max(1, next.plusNanos(999_999_999).toSeconds()));
            assertRefused(server, "x", "a.b.c", UNSIGNED, SYMMETRIC);

            provider.behave(Behaviour.healthy());
            time.advance(Duration.ofMinutes(6));
            assertThat(server.status(token)).isEqualTo(200);
        }
    }

    @Test
    void aRotationUnderTwoHundredRequestsCostsOneFetchAndNobodyIsRefused() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start();
                Server server = planFor(provider).start()) {
            assertThat(server.status(provider.token())).isEqualTo(200);
            provider.clearRequests();

            provider.rotate();
            String token = provider.token();
            List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 200)
                    .mapToObj(i -> server.getAsync(token))
                    .toList();

            assertThat(answers.stream().map(CompletableFuture::join).map(HttpResponse::statusCode))
                    .hasSize(200)
                    .containsOnly(200);
            assertThat(provider.requestCount()).isEqualTo(1);
        }
    }

    @Test
    void everyKeyThatFitsIsTried() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start()) {
            SigningKey first = provider.addKey("RS256", "twice");
            SigningKey second = provider.addKey("RS256", "twice");
            SigningKey nameless = provider.addKey("RS256", null);
            try (Server server = planFor(provider).start()) {
                for (SigningKey key : List.of(first, second, nameless)) {
                    assertThat(server.status(provider.tokenSignedBy(key, Map.of())))
                            .isEqualTo(200);
                    assertRefused(server, altered(provider.tokenSignedBy(key, Map.of())));
                }
            }
        }
    }

    @Test
    void theTokensIssuerChoosesAmongMany() throws Exception {
        try (ScriptedProvider one = ScriptedProvider.start();
                ScriptedProvider two = ScriptedProvider.start("ES256");
                ScriptedProvider away = ScriptedProvider.start();
                ScriptedProvider stranger = ScriptedProvider.start()) {
            away.behave(Behaviour.refuse());
            try (Server server = planFor(one)
                    .property("jwks-cache.issuers.two.issuer-uri", two.issuer())
                    .property("jwks-cache.issuers.two.jwk-set-uri", two.jwksUri())
                    .property("jwks-cache.issuers.away.issuer-uri", away.issuer())
                    .start()) {
                assertThat(server.context().getBean(JwksCacheRegistry.class).caches())
                        .containsOnlyKeys("default", "two", "away");
                Eventually.check(() -> assertThat(server.status(one.token())).isEqualTo(200));
                Eventually.check(() -> assertThat(server.status(two.token())).isEqualTo(200));
                assertUnavailable(server.get(away.token()));
                assertRefused(
                        server,
                        stranger.token(),
                        one.token("RS256", Map.of("iss", two.issuer().toString())),
                        one.token("RS256", Map.of("iss", one.issuer() + "/")),
                        altered(two.token()));
                assertThat(stranger.requests()).isEmpty();

                away.behave(Behaviour.healthy());
                Eventually.check(() -> assertThat(server.status(away.token())).isEqualTo(200));
            }
        }
    }

    @Test
    void cachesOfTheApplicationDecideWhoseTokensAreGood() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start();
                ScriptedProvider stranger = ScriptedProvider.start()) {
            JwksCaches tenants = JwksCaches.builder()
                    .allow(provider.issuer().toString()::equals, issuer -> JwksCache.forIssuer(URI.create(issuer)))
                    .build();
            try (Server server = plan().bean(tenants).start()) {
                assertThat(server.status(provider.token())).isEqualTo(200);
                assertRefused(server, stranger.token(), altered(provider.token()));
            }
            JwksCache one = JwksCache.forIssuer(provider.issuer()).build();
            try (Server server = planFor(provider).bean(one).start()) {
                assertThat(server.context().getBean(JwksCache.class)).isSameAs(one);
                assertThat(server.status(provider.token())).isEqualTo(200);
                assertRefused(server, provider.token("RS256", Map.of("iss", "https://other.example")));
            }
            assertThat(stranger.requests()).isEmpty();
        }
    }

    @Test
    void theAnswerIs503WhateverTheSecurityOfTheApplication() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start()) {
            provider.behave(Behaviour.refuse());
            try (Server server = planFor(provider).with(ownSecurity()).start()) {
                assertUnavailable(server.get(provider.token()));
                assertThat(server.getWithoutToken().statusCode()).isEqualTo(409);
                assertThat(server.status("x")).isEqualTo(409);
            }
        }
    }

    @Test
    void anOutageIsNotLoggedForEachRequest() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start()) {
            provider.behave(Behaviour.refuse());
            try (Server server = planFor(provider).start()) {
                // The first request makes servers say hello.
                assertUnavailable(server.get(provider.token()));
                ListAppender<ILoggingEvent> log = new ListAppender<>();
                log.start();
                Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
                root.setLevel(Level.INFO);
                root.addAppender(log);
                try {
                    LoggerFactory.getLogger("test").info("heard");
                    for (int i = 0; i < 20; i++) {
                        assertUnavailable(server.get(provider.token()));
                    }
                } finally {
                    root.detachAppender(log);
                    root.setLevel(Level.WARN);
                }
                assertThat(log.list).extracting(ILoggingEvent::getMessage).containsExactly("heard");
            }
        }
    }

    private Server.Plan virtual(ScriptedProvider provider, VirtualTime time) {
        JwksCacheBuilderCustomizer hands = (name, builder) -> builder.time(
                        time.wallClock(), time.nanoTime(), time.scheduler())
                .origin(request -> provider.exchange(Map.of())
                        .thenApply(answer -> new OriginResponse(answer.status(), answer.headers(), answer.body())));
        return planFor(provider)
                .property(JWT + ".jwk-set-uri", provider.jwksUri())
                .property("jwks-cache.miss-wait", "0")
                .property("jwks-cache.fetch-timeout", "100ms")
                .bean(hands);
    }

    static void assertRefused(Server server, String... tokens) throws Exception {
        for (String token : tokens) {
            HttpResponse<String> answer = server.get(token);
            assertThat(answer.statusCode()).as(token).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
            assertThat(answer.body()).doesNotContain("Exception", "dev.jwkscache");
        }
    }

    static void assertUnavailable(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After"))
                .hasValueSatisfying(
                        seconds -> assertThat(Long.parseLong(seconds)).isPositive());
        assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
        assertThat(answer.body()).isEmpty();
    }

    /** The same token with other claims under the old signature. */
    static String altered(String token) {
        String[] parts = token.split("\\.", -1);
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8);
        String other = claims.replaceFirst("\"sub\":\"[^\"]*\"", "\"sub\":\"root\"");
        assertThat(other).isNotEqualTo(claims);
        return Stream.of(
                        parts[0],
                        Base64.getUrlEncoder().withoutPadding().encodeToString(other.getBytes(UTF_8)),
                        parts[2])
                .collect(Collectors.joining("."));
    }

    private static final class NotBob implements OAuth2TokenValidator<Jwt> {
        @Override
        public OAuth2TokenValidatorResult validate(Jwt token) {
            return "bob".equals(token.getSubject())
                    ? OAuth2TokenValidatorResult.failure(new OAuth2Error("invalid_token", "not bob", null))
                    : OAuth2TokenValidatorResult.success();
        }
    }
}
