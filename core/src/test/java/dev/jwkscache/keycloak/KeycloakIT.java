package dev.jwkscache.keycloak;

import static dev.jwkscache.keycloak.Callers.Outcome.KEYS_EXPIRED;
import static dev.jwkscache.keycloak.Callers.Outcome.VERIFIED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import dev.jwkscache.CacheState;
import dev.jwkscache.CacheStatus;
import dev.jwkscache.FileSnapshotStore;
import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksCacheListener;
import dev.jwkscache.KeysExpiredException;
import dev.jwkscache.KeysUnavailableException;
import dev.jwkscache.RefreshTrigger;
import dev.jwkscache.SkipReason;
import dev.jwkscache.Transport;
import dev.jwkscache.UnknownKeyException;
import dev.jwkscache.VerificationKey;
import dev.jwkscache.keycloak.Callers.Outcome;
import dev.jwkscache.spi.SnapshotStore;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The library, end to end, against a real Keycloak: its keys, its tokens, its rotations and its outages. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KeycloakIT {
    private static final List<String> ALGORITHMS =
            List.of("RS256", "PS256", "ES256", "ES384", "ES512", "Ed25519", "Ed448");

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration SHORT_MAX_STALENESS = SECOND.multipliedBy(10);
    private static final Duration DEFAULT_MAX_STALENESS = Duration.ofHours(1);

    @RegisterExtension
    static final SharedKeycloak KEYCLOAK = new SharedKeycloak();

    // Needs a boot of its own. Done first, that is the one that all others share, whose order does not matter.
    @Test
    @Order(1)
    void whileKeycloakBootsLookupsAreRefusedAtOnceAndTheCacheLoadsByItselfWhenItIsReady() {
        KeycloakServer server = KEYCLOAK.ended();
        try (JwksCache cache = impatient(server).build()) {
            CompletableFuture<Void> started = cache.startAsync();
            refusesAtOnceDuringBackoff(cache, "no connection");

            server.startAndWaitUntilListening();
            refusesAtOnceDuringBackoff(cache, "503");
            assertThatThrownBy(() -> cache.key("any", "RS256"))
                    .isInstanceOfSatisfying(
                            KeysUnavailableException.class,
                            refusal -> assertThat(refusal.retryAfter()).isPresent());
            assertThat(started).isNotDone();

            Eventually.completes("startAsync()", started);
            CacheStatus loaded = cache.status();
            assertThat(loaded.state()).isEqualTo(CacheState.FRESH);
            report("boot", loaded.failedRefreshes() + " fetches failed before " + loaded);
            server.awaitReady();
            assertThat(SignedToken.from(server.admin(), "RS256").isVerifiedThrough(cache))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @FieldSource("ALGORITHMS")
    void accessTokenVerifiesButNotWithOneSignatureBitFlipped(String algorithm) {
        KeycloakServer server = KEYCLOAK.running();
        SignedToken token = SignedToken.from(server.admin(), algorithm);
        try (JwksCache cache = JwksCache.builder(server.jwksUri()).build()) {
            cache.start();

            assertThat(token.isVerifiedThrough(cache)).isTrue();
            assertThat(token.withOneSignatureBitFlipped().isVerifiedThrough(cache))
                    .isFalse();
            // Where the header says EdDSA, the name of RFC 9864 finds the key too, and proves which curve it has.
            assertThat(token.isVerifiedBy(cache.key(token.kid(), algorithm))).isTrue();
            assertThat(cache.status().fetches()).isEqualTo(1);
        }
    }

    @Test
    void theIssuerAloneLeadsToTheKeys() {
        KeycloakServer server = KEYCLOAK.running();
        SignedToken token = SignedToken.from(server.admin(), "ES256");
        try (JwksCache cache = JwksCache.forIssuer(server.issuer()).build()) {
            cache.start();

            assertThat(token.isVerifiedThrough(cache)).isTrue();
            assertThat(cache.status().address()).isEqualTo(server.issuer());
        }
    }

    @Test
    void anIssuerThatIsReachedElsewhereThanItsNameSaysIsNeverConnectedTo() {
        KeycloakServer server = KEYCLOAK.running();
        SignedToken token = SignedToken.from(server.admin(), "ES256");
        Set<String> hosts = new ConcurrentSkipListSet<>();
        ProxySelector noting = new ProxySelector() {
            @Override
            public List<Proxy> select(URI address) {
                hosts.add(address.getAuthority());
                return List.of(Proxy.NO_PROXY);
            }

            @Override
            public void connectFailed(URI address, SocketAddress socket, IOException failure) {}
        };
        JwksCache.Builder builder = JwksCache.forIssuer(server.issuer())
                .fetchBase(server.baseUri())
                .transport(Transport.standard().proxy(noting));
        try (JwksCache cache = builder.build()) {
            cache.start();

            assertThat(token.isVerifiedThrough(cache)).isTrue();
            assertThat(server.issuer().getAuthority())
                    .isNotEqualTo(server.baseUri().getAuthority());
            assertThat(hosts).containsExactly(server.baseUri().getAuthority());
        }
    }

    @Test
    void metadataThatNamesAnotherSpellingOfTheIssuerIsRefused() {
        KeycloakServer server = KEYCLOAK.running();
        URI other = URI.create(server.baseUri() + server.issuer().getPath());
        try (JwksCache cache = JwksCache.forIssuer(other).build()) {
            assertThatThrownBy(cache::start)
                    .isInstanceOf(KeysUnavailableException.class)
                    .hasMessageContainingAll(server.issuer().toString(), other.toString(), "fetchBase");
        }
    }

    @Test
    void everyPublishedKeyIsOfferedButTheOneForEncryptionIsSkippedWithItsReason() {
        KeycloakServer server = KEYCLOAK.running();
        List<JWK> published = server.admin().jwks().getKeys();
        List<JWK> encryption = published.stream()
                .filter(key -> KeyUse.ENCRYPTION.equals(key.getKeyUse()))
                .toList();
        assertThat(encryption)
                .singleElement()
                .satisfies(key -> assertThat(key.getAlgorithm().getName()).isEqualTo("RSA-OAEP"));
        String kid = encryption.get(0).getKeyID();
        try (JwksCache cache = JwksCache.builder(server.jwksUri()).build()) {
            cache.start();

            assertThat(cache.status().kids())
                    .containsExactlyInAnyOrderElementsOf(published.stream()
                            .map(JWK::getKeyID)
                            .filter(other -> !other.equals(kid))
                            .toList());
            assertThat(cache.get().skipped()).singleElement().satisfies(skipped -> {
                assertThat(skipped.kid()).contains(kid);
                assertThat(skipped.reason()).isEqualTo(SkipReason.NOT_FOR_SIGNATURES);
            });
            for (String rsa : List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")) {
                assertThatThrownBy(() -> cache.key(kid, rsa)).isInstanceOf(UnknownKeyException.class);
                assertThat(cache.get().find(null, rsa))
                        .extracting(VerificationKey::kid)
                        .doesNotContain(kid);
            }
        }
    }

    @Test
    void rotationsOfEveryAlgorithmCostOneFetchEachAndNoCallerASingleFailure() {
        KeycloakServer server = KEYCLOAK.running();
        KeycloakAdmin admin = server.admin();
        Map<String, SignedToken> current = new LinkedHashMap<>();
        ALGORITHMS.forEach(algorithm -> current.put(algorithm, SignedToken.from(admin, algorithm)));
        List<String> rotated = new ArrayList<>(ALGORITHMS);
        rotated.addAll(List.of("ES256", "Ed25519"));
        // The schedule is far off, so that nothing but the rotations makes the cache fetch. The cooldown ends before
        // any caller is through its tokens. The two limits allow for a machine that does much else.
        JwksCache.Builder builder = JwksCache.builder(server.jwksUri())
                .timeToLive(DEFAULT_MAX_STALENESS)
                .missCooldown(Callers.PAUSE.multipliedBy(2))
                .missWait(SECOND.multipliedBy(20))
                .fetchTimeout(SECOND.multipliedBy(20));
        try (JwksCache cache = builder.build()) {
            cache.start();
            try (Callers callers = new Callers(cache, DEFAULT_MAX_STALENESS, EnumSet.of(VERIFIED), current.values())) {
                callers.verify(current.values());
                for (String algorithm : rotated) {
                    SharedKeycloak.addSigningKey(admin, algorithm);
                    SignedToken renewed = SignedToken.from(admin, algorithm);
                    SignedToken replaced = Objects.requireNonNull(current.put(algorithm, renewed));
                    assertThat(renewed.kid()).isNotEqualTo(replaced.kid());
                    Set<SignedToken> tokens = new LinkedHashSet<>(List.of(renewed, replaced));
                    tokens.addAll(current.values());
                    callers.verify(tokens);
                }
                report(
                        "rotation",
                        rotated.size() + " rotations, " + cache.status().fetches() + " fetches, " + callers);
                assertThat(callers.faults()).isEmpty();
            }
            assertThat(cache.status().fetches()).isEqualTo(1 + rotated.size());
            assertThat(cache.status().failedRefreshes()).isZero();
        }
    }

    @Test
    void disabledKeyIsRefusedAfterRefreshWhileOthersVerify() {
        KeycloakServer server = KEYCLOAK.running();
        KeycloakAdmin admin = server.admin();
        String component = SharedKeycloak.addSigningKey(admin, "ES256");
        SignedToken doomed = SignedToken.from(admin, "ES256");
        SignedToken other = SignedToken.from(admin, "RS256");
        assertThat(admin.kidOf(component)).isEqualTo(doomed.kid());
        try (JwksCache cache = JwksCache.builder(server.jwksUri()).build()) {
            cache.start();
            admin.setEnabled(component, false);
            assertThat(doomed.isVerifiedThrough(cache)).isTrue();

            Eventually.completes("refresh()", cache.refresh());

            assertThatThrownBy(() -> doomed.isVerifiedThrough(cache)).isInstanceOf(UnknownKeyException.class);
            assertThat(cache.status().kids()).doesNotContain(doomed.kid()).contains(other.kid());
            assertThat(other.isVerifiedThrough(cache)).isTrue();
        }
    }

    @Test
    void disabledKeyIsRefusedAfterTheScheduledRefreshWithoutAnyCall() {
        KeycloakServer server = KEYCLOAK.running();
        KeycloakAdmin admin = server.admin();
        String component = SharedKeycloak.addSigningKey(admin, "ES256");
        SignedToken doomed = SignedToken.from(admin, "ES256");
        SignedToken other = SignedToken.from(admin, "RS256");
        CompletableFuture<RefreshTrigger> withdrawnBy = new CompletableFuture<>();
        JwksCacheListener listener = new JwksCacheListener() {
            @Override
            public void refreshed(Refreshed event) {
                if (event.change().removed().stream()
                        .anyMatch(key -> key.kid().orElse("").equals(doomed.kid()))) {
                    withdrawnBy.complete(event.trigger());
                }
            }
        };
        try (JwksCache cache = impatient(server).listener(listener).build()) {
            cache.start();
            assertThat(doomed.isVerifiedThrough(cache)).isTrue();

            admin.setEnabled(component, false);

            assertThat(Eventually.completes("the withdrawal", withdrawnBy)).isEqualTo(RefreshTrigger.SCHEDULE);
            assertThatThrownBy(() -> doomed.isVerifiedThrough(cache)).isInstanceOf(UnknownKeyException.class);
            assertThat(other.isVerifiedThrough(cache)).isTrue();
        }
    }

    @Test
    void callersVerifyThroughACrashUntilMaxStalenessAndAgainThroughTheSameCacheAfterTheRestart() {
        KeycloakServer server = KEYCLOAK.running();
        Collection<SignedToken> tokens = tokensOfEveryAlgorithm(server.admin());
        try (JwksCache cache = impatient(server).build()) {
            cache.start();
            try (Callers callers = new Callers(cache, SHORT_MAX_STALENESS, EnumSet.allOf(Outcome.class), tokens)) {
                callers.verify(tokens);

                server.kill();
                long killed = System.nanoTime();
                callers.use(tokens);
                Eventually.holds(
                        "every caller verifies on stale keys, then is refused",
                        () -> callers.callersWith(KEYS_EXPIRED, CacheState.EXPIRED) == Callers.COUNT);
                assertThat(callers.callersWith(VERIFIED, CacheState.STALE)).isEqualTo(Callers.COUNT);
                assertThat(callers.faults()).isEmpty();
                assertThat(callers.outcomes()).containsExactlyInAnyOrder(VERIFIED, KEYS_EXPIRED);
                // Nothing can have been validated after the kill, so that this holds whatever the cache says of itself.
                Duration servedAfterKill = Duration.ofNanos(callers.lastServedNanoTime() - killed);
                assertThat(servedAfterKill).isLessThanOrEqualTo(SHORT_MAX_STALENESS);
                assertThatThrownBy(cache::get).isInstanceOf(KeysExpiredException.class);
                report("crash", "last key served " + servedAfterKill + " after the kill; " + callers);

                server.start();
                Eventually.holds("the cache recovers", () -> cache.status().state() == CacheState.FRESH);
                Collection<SignedToken> renewed = tokensOfEveryAlgorithm(server.admin());
                assertThat(renewed)
                        .extracting(SignedToken::kid)
                        .doesNotContainAnyElementsOf(
                                tokens.stream().map(SignedToken::kid).toList());
                callers.verify(renewed);
                assertThat(callers.faults()).isEmpty();
                report("restart", cache.status().failedRefreshes() + " fetches failed; " + callers);
            }
            assertThat(tokens)
                    .allSatisfy(token -> assertThatThrownBy(() -> token.isVerifiedThrough(cache))
                            .isInstanceOf(UnknownKeyException.class));
        }
    }

    // Last: it leaves Keycloak down, and each boot takes its time.
    @Test
    @Order(Integer.MAX_VALUE)
    void aServiceThatStartsWhileKeycloakIsDownVerifiesAtOnceWithTheKeysOfItsFolder(@TempDir Path folder) {
        KeycloakServer server = KEYCLOAK.running();
        Collection<SignedToken> tokens = tokensOfEveryAlgorithm(server.admin());
        SnapshotStore store = FileSnapshotStore.in(folder);
        try (JwksCache before =
                JwksCache.forIssuer(server.issuer()).store(store).build()) {
            before.start();
            Eventually.holds(
                    "the keys are kept",
                    () -> store.load(server.issuer()).join().isPresent());
        }
        server.kill();

        try (JwksCache restarted =
                JwksCache.forIssuer(server.issuer()).store(store).build()) {
            restarted.start();

            assertThat(tokens).allMatch(token -> token.isVerifiedThrough(restarted));
            assertThat(restarted.status().fetches()).isZero();
            assertThat(restarted.status().storedSets()).isEqualTo(1);
        }
    }

    /** A cache that lives through its states in seconds. */
    private static JwksCache.Builder impatient(KeycloakServer server) {
        return JwksCache.builder(server.jwksUri())
                .refreshInterval(SECOND.multipliedBy(2))
                .timeToLive(SECOND.multipliedBy(3))
                .maxStaleness(SHORT_MAX_STALENESS);
    }

    private static Collection<SignedToken> tokensOfEveryAlgorithm(KeycloakAdmin admin) {
        return ALGORITHMS.stream()
                .map(algorithm -> SignedToken.from(admin, algorithm))
                .toList();
    }

    /**
     * Returns after a hundred lookups that fell between two attempts, the last of which failed in that way. None of them
     * may have waited: their futures were done when they were returned.
     */
    private static void refusesAtOnceDuringBackoff(JwksCache cache, String failure) {
        int[] refusals = {0};
        Eventually.holds("100 lookups during back-off after: " + failure, () -> {
            CacheStatus before = cache.status();
            CompletableFuture<VerificationKey> answer = cache.keyAsync("any", "RS256");
            boolean atOnce = answer.isDone();
            CacheStatus after = cache.status();
            boolean idle =
                    before.nextAttempt().isPresent() && after.nextAttempt().isPresent();
            if (idle && before.fetches() == after.fetches()) {
                assertThat(atOnce).isTrue();
                assertThatThrownBy(answer::join).hasCauseInstanceOf(KeysUnavailableException.class);
                String last = after.lastFailure().orElseThrow().detail();
                refusals[0] += last.contains(failure) ? 1 : 0;
            }
            return refusals[0] == 100;
        });
    }

    /** Tells what was measured, beside the test's result. */
    private static void report(String test, String facts) {
        System.out.println(test + ": " + facts);
    }
}
