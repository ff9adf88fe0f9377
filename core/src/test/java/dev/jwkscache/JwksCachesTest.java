package dev.jwkscache;

import static dev.jwkscache.Stage.ALG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.RecordedRequest;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many issuers: who is served, who comes and who goes, and that none touches another. */
class JwksCachesTest {
    private static final String SHOP = "https://shop.example";
    private static final String BANK = "https://bank.example";
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void keysOfOneIssuerAreNeverServedForAnother() {
        try (Town town = new Town(UnaryOperator.identity())) {
            Map<String, SigningKey> expected = new HashMap<>();
            for (String issuer : List.of(SHOP, BANK)) {
                expected.put(issuer, town.provider(issuer).addKey(ALG, "default"));
                town.caches.add(issuer, town.settings(issuer));
            }
            town.caches.start();
            SplittableRandom random = new SplittableRandom(19);
            for (int i = 0; i < 1_000; i++) {
                String asked = random.nextBoolean() ? SHOP : BANK;
                if (random.nextInt(20) == 0) {
                    town.advance(Stage.COOLDOWN);
                    String other = asked.equals(SHOP) ? BANK : SHOP;
                    String kid = town.provider(other).rotate(ALG).kid();
                    assertThatThrownBy(() -> town.caches.forIssuer(asked).key(kid, ALG))
                            .isInstanceOf(UnknownKeyException.class);
                    assertThat(town.caches.forIssuer(other).key(kid, ALG).kid()).contains(kid);
                }
                assertThat(town.caches.forIssuer(asked).key("default", ALG).publicKey())
                        .isEqualTo(expected.get(asked).publicKey());
            }
        }
    }

    @Test
    void issuersThatHangDisturbNoOther() {
        try (Town town = new Town(UnaryOperator.identity())) {
            for (int i = 0; i < 50; i++) {
                town.caches.add(Town.issuer(i), town.settings(Town.issuer(i)));
                if (i < 10) {
                    town.provider(Town.issuer(i)).behave(Behaviour.hangBeforeHeaders());
                }
            }
            CompletableFuture<Void> all = town.caches.startAsync();
            SplittableRandom random = new SplittableRandom(41);
            for (int i = 0; i < 10_000; i++) {
                String issuer = Town.issuer(random.nextInt(10, 50));
                String kid = town.provider(issuer).current(ALG).kid();
                // In virtual time whatever waits stays undone.
                assertThat(town.caches.forIssuer(issuer).keyAsync(kid, ALG)).isCompleted();
                if (i % 10 == 0) {
                    town.advance(SECOND);
                }
            }

            assertThat(all).isNotDone();
            for (int i = 10; i < 50; i++) {
                List<RecordedRequest> requests = town.provider(Town.issuer(i)).requests();
                assertThat(requests).hasSize(4);
                for (int j = 1; j < requests.size(); j++) {
                    long nanos =
                            requests.get(j).nanoTime() - requests.get(j - 1).nanoTime();
                    assertThat(Duration.ofNanos(nanos))
                            .isBetween(
                                    Stage.REFRESH.multipliedBy(9).dividedBy(10),
                                    Stage.REFRESH.multipliedBy(11).dividedBy(10));
                }
            }
        }
    }

    @Test
    void issuersAreComparedToTheLetter() {
        try (Town town = new Town(UnaryOperator.identity())) {
            town.caches.add(SHOP, town.settings(SHOP));
            town.caches.start();

            assertThat(town.key(SHOP)).isNotNull();
            for (String other :
                    new String[] {SHOP + "/", "https://SHOP.example", "https://shop.example:443", " " + SHOP, "", null
                    }) {
                assertThatThrownBy(() -> town.caches.forIssuer(other)).isInstanceOf(UnknownIssuerException.class);
            }
        }
    }

    @Test
    void anUnknownIssuerIsTheCallersFaultAndFitForLogs() {
        try (JwksCaches caches = JwksCaches.builder().build()) {
            String hostile = "https://evil.example/\r\n\u001b[31m" + "x".repeat(8 << 10);
            Throwable refusal = catchThrowable(() -> caches.forIssuer(hostile));

            assertThat(refusal)
                    .isInstanceOf(UnknownKeyException.class)
                    .hasMessageContaining("https://evil.example/\\u000d\\u000a\\u001b")
                    .hasMessageNotContaining("x".repeat(200));
            assertThat(refusal.getStackTrace()).isEmpty();
            assertThat(catchThrowable(() -> caches.forIssuer(null))).hasMessageContaining("issuer none");
        }
    }

    @Test
    void anAllowedIssuerIsBuiltAtItsFirstUseAndNobodyWaitsForIt() {
        try (Town town = Town.allowing(UnaryOperator.identity())) {
            town.provider(SHOP).behave(Behaviour.healthy().slow(SECOND));

            JwksCache cache = town.caches.forIssuer(SHOP);
            assertThat(cache.status().state()).isEqualTo(CacheState.EMPTY);
            assertThat(town.provider(SHOP).requestCount()).isEqualTo(1);
            town.advance(SECOND);
            assertThat(cache.status().state()).isEqualTo(CacheState.FRESH);
            town.advance(Duration.ofMinutes(30));

            assertThat(town.caches.forIssuer(SHOP)).isSameAs(cache);
            assertThat(town.provider(SHOP).requestCount()).isBetween(6, 8);
            assertThat(town.caches.issuers()).containsExactly(SHOP);
            assertThatThrownBy(() -> town.caches.forIssuer("https://shop.example.evil"))
                    .isInstanceOf(UnknownIssuerException.class);
        }
    }

    @Test
    void oneHundredFirstUsesAtOnceBuildOneCache() throws Exception {
        CyclicBarrier together = new CyclicBarrier(100);
        Set<JwksCache> found = ConcurrentHashMap.newKeySet();
        try (JwksCaches caches = JwksCaches.builder()
                .allow(issuer -> true, issuer -> {
                    meet(together);
                    return JwksCache.builder(URI.create(issuer)).origin(request -> new CompletableFuture<>());
                })
                .build()) {
            List<Thread> threads = new ArrayList<>();
            CompletableFuture<Void> failed = new CompletableFuture<>();
            for (int i = 0; i < 100; i++) {
                Thread thread = new Thread(() -> {
                    try {
                        found.add(caches.forIssuer(SHOP));
                    } catch (Throwable e) {
                        failed.completeExceptionally(e);
                    }
                });
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }

            assertThat(failed).isNotDone();
            assertThat(found).hasSize(1);
        }
    }

    private static void meet(CyclicBarrier all) {
        try {
            all.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("not all have come", e);
        }
    }

    @Test
    void whoeverIsOnlyAllowedGoesWhenIdleWithoutAnyCall() {
        try (Town town = Town.allowing(builder -> builder.idleTime(Duration.ofMinutes(10)))) {
            town.caches.add(BANK, town.settings(BANK));
            town.caches.start();
            JwksCache idle = town.caches.forIssuer(SHOP);
            String used = "https://used.example";
            town.key(used);

            for (int i = 0; i < 5; i++) {
                town.advance(MINUTE.multipliedBy(2).minus(SECOND));
                town.key(used);
            }
            assertThat(town.caches.issuers()).containsExactlyInAnyOrder(SHOP, BANK, used);
            town.advance(MINUTE.plus(SECOND.multipliedBy(10)));
            assertThat(town.caches.issuers()).containsExactlyInAnyOrder(BANK, used);
            assertThatThrownBy(idle::get)
                    .isInstanceOf(KeysUnavailableException.class)
                    .hasMessageContaining("closed");
            int fetches = town.provider(SHOP).requestCount();
            town.advance(Duration.ofHours(2));

            assertThat(town.provider(SHOP).requestCount()).isEqualTo(fetches);
            assertThat(town.caches.issuers()).containsExactly(BANK);
            assertThat(town.caches.forIssuer(SHOP)).isNotSameAs(idle);
            assertThat(town.key(SHOP)).isNotNull();
        }
    }

    /** A caller may be given a cache that is not closed right after. */
    @Test
    void whatIsHandedOutStaysOpenForTheIdleTime() {
        try (Town town = Town.allowing(builder -> builder.idleTime(SECOND))) {
            JwksCache cache = town.caches.forIssuer(SHOP);
            // The use is too close to the last one to be noted.
            town.advance(SECOND.minusNanos(1));
            assertThat(town.caches.forIssuer(SHOP)).isSameAs(cache);
            town.advance(SECOND.minusNanos(1));

            assertThat(town.caches.issuers()).containsExactly(SHOP);
            assertThat(cache.get().size()).isEqualTo(1);
        }
    }

    @Test
    void whoeverInventsIssuersPushesOutNobodyWhoHasKeys() {
        try (Town town = Town.allowing(builder -> builder.maxIssuers(100))) {
            town.caches.add(BANK, town.settings(BANK));
            town.caches.start();
            for (int i = 0; i < 90; i++) {
                town.key(Town.issuer(i));
            }
            int refused = 0;
            for (int i = 0; i < 5_000; i++) {
                String invented = Town.INVENTED + i + ".example";
                try {
                    town.caches.forIssuer(invented);
                } catch (KeysUnavailableException full) {
                    refused++;
                }
                town.advance(Duration.ofMillis(100));
                // Half of them are in use.
                town.key(Town.issuer(i % 45));
                assertThat(town.caches.issuers()).hasSizeLessThanOrEqualTo(101);
            }

            assertThat(refused).isGreaterThan(4_000);
            assertThat(town.caches.issuers()).contains(BANK);
            for (int i = 0; i < 90; i++) {
                assertThat(town.caches.issuers()).contains(Town.issuer(i));
            }
        }
    }

    @Test
    void whereAllHaveKeysAFloodOfInventedIssuersTakesOnePlace() {
        try (Town town = Town.allowing(builder -> builder.maxIssuers(100))) {
            for (int i = 0; i < 100; i++) {
                town.key(Town.issuer(i));
            }
            town.advance(Duration.ofMinutes(2));
            int refused = 0;
            for (int i = 0; i < 2_000; i++) {
                String invented = Town.INVENTED + i + ".example";
                refused += catchThrowable(() -> town.caches.forIssuer(invented)) == null ? 0 : 1;
                town.advance(Duration.ofMillis(100));
            }
            // Two hundred seconds: one newcomer every ten.
            assertThat(refused).isEqualTo(2_000 - 20);

            assertThat(town.caches.issuers().stream().filter(issuer -> !issuer.contains("invented")))
                    .hasSize(99);
        }
    }

    @Test
    void aNewcomerHasTenSecondsThenTheLongestUnusedGoesFirst() {
        try (Town town = Town.allowing(builder -> builder.maxIssuers(2))) {
            town.provider(SHOP).behave(Behaviour.hangBeforeHeaders());
            town.provider(BANK).behave(Behaviour.hangBeforeHeaders());
            JwksCache shop = town.caches.forIssuer(SHOP);
            town.advance(SECOND);
            town.caches.forIssuer(BANK);
            town.advance(SECOND.multipliedBy(4));
            String late = "https://late.example";

            assertThatThrownBy(() -> town.caches.forIssuer(late))
                    .isInstanceOfSatisfying(
                            KeysUnavailableException.class,
                            full -> assertThat(full.retryAfter()).contains(SECOND.multipliedBy(5)))
                    .hasMessageContaining("2 (maxIssuers)");
            town.advance(SECOND.multipliedBy(5).minusNanos(1));
            assertThatThrownBy(() -> town.caches.forIssuer(late)).isInstanceOf(KeysUnavailableException.class);
            town.advance(SECOND.plusNanos(1));
            // Both had their ten seconds; this one has been used since.
            assertThat(town.caches.forIssuer(SHOP)).isSameAs(shop);

            assertThat(town.key(late)).isNotNull();
            assertThat(town.caches.issuers()).containsExactlyInAnyOrder(SHOP, late);
        }
    }

    @Test
    void whereAllHaveKeysTheLongestUnusedGoesAfterAMinute() {
        try (Town town = Town.allowing(builder -> builder.maxIssuers(2))) {
            town.key(SHOP);
            town.advance(SECOND.multipliedBy(10));
            town.key(BANK);
            town.advance(SECOND.multipliedBy(10));
            String late = "https://late.example";

            assertThatThrownBy(() -> town.caches.forIssuer(late))
                    .isInstanceOfSatisfying(
                            KeysUnavailableException.class,
                            full -> assertThat(full.retryAfter()).contains(SECOND.multipliedBy(41)));
            town.advance(SECOND.multipliedBy(41));

            assertThat(town.key(late)).isNotNull();
            assertThat(town.caches.issuers()).containsExactlyInAnyOrder(BANK, late);
        }
    }

    @Test
    void anIssuerThatLeavesMakesRoomAtOnce() {
        try (Town town = Town.allowing(builder -> builder.maxIssuers(1))) {
            town.key(SHOP);
            assertThatThrownBy(() -> town.caches.forIssuer(BANK)).isInstanceOf(KeysUnavailableException.class);

            assertThat(town.caches.remove(SHOP)).isTrue();

            assertThat(town.key(BANK)).isNotNull();
            town.caches.add(BANK, town.settings(BANK));
            assertThat(town.key(SHOP)).isNotNull();
            assertThat(town.caches.issuers()).containsExactlyInAnyOrder(SHOP, BANK);
        }
    }

    @Test
    void issuersComeAndGoAtRunTime() {
        try (Town town = new Town(UnaryOperator.identity())) {
            town.caches.add(SHOP, town.settings(SHOP));
            assertThat(town.provider(SHOP).requestCount()).isZero();
            town.caches.startAsync();
            town.caches.add(BANK, town.settings(BANK));
            // Its first user finds the keys loaded.
            assertThat(town.caches.forIssuer(BANK).status().state()).isEqualTo(CacheState.FRESH);
            JwksCache bank = town.caches.forIssuer(BANK);

            assertThat(town.caches.remove(BANK)).isTrue();
            assertThat(town.caches.remove(BANK)).isFalse();
            assertThatThrownBy(bank::get)
                    .isInstanceOf(KeysUnavailableException.class)
                    .hasMessageContaining("closed");
            assertThatThrownBy(() -> town.caches.forIssuer(BANK)).isInstanceOf(UnknownIssuerException.class);
            assertThatThrownBy(() -> town.caches.add(SHOP, town.settings(SHOP)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll(SHOP, "remove it first");
            JwksCache shop = town.caches.forIssuer(SHOP);

            town.caches.close();
            town.caches.close();
            assertThatThrownBy(shop::get).hasMessageContaining("closed");
            assertThatThrownBy(() -> town.caches.forIssuer(SHOP))
                    .isInstanceOf(KeysUnavailableException.class)
                    .hasMessageContaining("closed");
            assertThatThrownBy(() -> town.caches.add(BANK, town.settings(BANK)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
            assertThatThrownBy(town.caches::start).isInstanceOf(KeysUnavailableException.class);
            assertThat(town.caches.startAsync()).isCompletedExceptionally();
            assertThat(town.caches.issuers()).isEmpty();
        }
    }

    @Test
    void aThousandTenantsComeAndGoBesideOneWhoNoticesNothing() {
        List<WeakReference<JwksCache>> gone = new ArrayList<>();
        AtomicBoolean stop = new AtomicBoolean();
        try (ScriptedProvider provider = ScriptedProvider.start(ALG);
                JwksCaches caches = JwksCaches.builder()
                        .issuer(SHOP, JwksCache.builder(provider.jwksUri()))
                        .build()) {
            caches.start();
            String kid = provider.current(ALG).kid();
            CompletableFuture<Integer> waits = CompletableFuture.supplyAsync(() -> {
                int waited = 0;
                while (!stop.get()) {
                    waited += caches.forIssuer(SHOP).keyAsync(kid, ALG).isDone() ? 0 : 1;
                }
                return waited;
            });
            for (int i = 0; i < 1_000; i++) {
                caches.add(
                        Town.issuer(i),
                        JwksCache.builder(URI.create(Town.issuer(i))).origin(request -> new CompletableFuture<>()));
                gone.add(new WeakReference<>(caches.forIssuer(Town.issuer(i))));
                if (i >= 10) {
                    assertThat(caches.remove(Town.issuer(i - 10))).isTrue();
                }
            }
            stop.set(true);

            assertThat(waits).succeedsWithin(PATIENCE).isEqualTo(0);
            assertThat(caches.issuers()).hasSize(11);
            for (int i = 0; i < 200 && alive(gone) > 10; i++) {
                System.gc();
            }
            assertThat(alive(gone)).isEqualTo(10);
        }
    }

    private static long alive(List<WeakReference<JwksCache>> caches) {
        return caches.stream().filter(cache -> cache.get() != null).count();
    }

    @Test
    void severalIssuersAreFoundByDiscoveryAndABrokenOneDisturbsNone() {
        try (ScriptedProvider good = ScriptedProvider.start(ALG);
                ScriptedProvider hanging = ScriptedProvider.start(ALG);
                ScriptedProvider bad = ScriptedProvider.start(ALG);
                JwksCaches caches = JwksCaches.builder()
                        .issuer(
                                name(hanging),
                                JwksCache.forIssuer(hanging.issuer()).fetchTimeout(SECOND))
                        .issuer(name(bad), JwksCache.forIssuer(bad.issuer()))
                        .issuer(name(good), JwksCache.forIssuer(good.issuer()))
                        .build()) {
            hanging.behave(Behaviour.hangInBody());
            bad.behaveAtDiscovery(Behaviour.html());

            assertThatThrownBy(caches::start)
                    .isInstanceOf(KeysUnavailableException.class)
                    .hasMessageContainingAll("2 of 3 issuers", name(hanging), "timeout", name(bad), "metadata")
                    .hasMessageNotContaining(name(good));
            assertThat(caches.forIssuer(name(good)).key(good.current(ALG).kid(), ALG))
                    .isNotNull();
            assertThat(caches.forIssuer(name(good)).refresh()).succeedsWithin(PATIENCE);

            hanging.behave(Behaviour.healthy());
            bad.behaveAtDiscovery(Behaviour.healthy());
            assertThat(caches.startAsync()).succeedsWithin(PATIENCE);
            caches.start();
        }
    }

    @Test
    void issuersAloneAreEnough() {
        try (ScriptedProvider one = ScriptedProvider.start(ALG);
                ScriptedProvider other = ScriptedProvider.start(ALG);
                JwksCaches caches = JwksCaches.of(name(one), name(other))) {
            caches.start();

            assertThat(caches.forIssuer(name(one)).key(one.current(ALG).kid(), ALG))
                    .isNotNull();
            assertThat(caches.forIssuer(name(other)).key(other.current(ALG).kid(), ALG))
                    .isNotNull();
            assertThat(caches.issuers()).containsExactlyInAnyOrder(name(one), name(other));
        }
    }

    @Test
    void settingsOfAnotherIssuerAreRefused() {
        String fault = "the settings for issuer \"" + SHOP + "\" are those of issuer \"" + BANK + "\"";
        JwksCache.Builder bank = JwksCache.forIssuer(URI.create(BANK));
        try (JwksCaches caches =
                JwksCaches.builder().allow(issuer -> true, issuer -> bank).build()) {
            assertThatThrownBy(() -> caches.add(SHOP, bank)).hasMessageContaining(fault);
            assertThatThrownBy(() -> JwksCaches.builder().issuer(SHOP, bank)).hasMessageContaining(fault);
            assertThatThrownBy(() -> caches.forIssuer(SHOP))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(fault);
            assertThat(caches.issuers()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, PT1H, maxIssuers is 0; it must be from 1 to 1000000",
        "1000001, PT1H, maxIssuers is 1000001",
        "1, PT0.999S, idleTime is 0.999 s; it must be at least 1 s",
        "1, P366D, idleTime is"
    })
    void boundsAreChecked(int maxIssuers, Duration idleTime, String fault) {
        JwksCaches.Builder builder = JwksCaches.builder().maxIssuers(maxIssuers).idleTime(idleTime);

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(fault);
    }

    @Test
    void anIssuerThatCannotBeLeavesNothingBehind() {
        assertThatThrownBy(() -> JwksCaches.of("https://idp.example", "http://idp.example"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("plain http");
        assertThatThrownBy(() -> JwksCaches.of("https://idp.example", "https://idp.example"))
                .hasMessageContaining("named twice");
        assertThatThrownBy(() -> JwksCaches.of("::no")).hasMessageContaining("the issuer \"::no\" is no address");
        assertThatThrownBy(JwksCaches::of).hasMessageContaining("name at least one");
        assertThatThrownBy(() -> JwksCaches.of((String) null)).isInstanceOf(NullPointerException.class);
    }

    private static String name(ScriptedProvider provider) {
        return provider.issuer().toString();
    }
}
