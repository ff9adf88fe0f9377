package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.spi.JwksOrigin;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** So many at a time, in order, and nobody is forgotten. */
class GateTest {

    @Test
    void soManyGoAtOnceAndTheOthersInTurn() {
        Gate gate = new Gate(2);
        List<String> inside = new ArrayList<>();
        List.of("a", "b", "c", "d").forEach(name -> gate.enter(() -> inside.add(name), false));
        assertThat(inside).containsExactly("a", "b");

        gate.leave();
        assertThat(inside).containsExactly("a", "b", "c");
        gate.leave();
        gate.leave();
        gate.leave();
        gate.enter(() -> inside.add("e"), false);
        gate.enter(() -> inside.add("f"), false);
        gate.enter(() -> inside.add("g"), false);

        assertThat(inside).containsExactly("a", "b", "c", "d", "e", "f");
    }

    @Test
    void whoeverIsUrgentGoesFirst() {
        Gate gate = new Gate(1);
        List<String> inside = new ArrayList<>();
        gate.enter(() -> inside.add("first"), false);
        gate.enter(() -> inside.add("scheduled"), false);
        gate.enter(() -> inside.add("urgent"), true);

        gate.leave();
        gate.leave();

        assertThat(inside).containsExactly("first", "urgent", "scheduled");
    }

    /** A caller with a new kid waits two seconds at most, and must not spend them behind the schedules of others. */
    @ParameterizedTest
    @EnumSource(RefreshTrigger.class)
    void aFetchForWhichSomebodyWaitsIsUrgent(RefreshTrigger trigger) {
        assertThat(trigger.urgent()).isEqualTo(trigger == RefreshTrigger.MISS || trigger == RefreshTrigger.MANUAL);
    }

    @Test
    void whoLeavesAtOnceLetsTheNextOneIn() {
        Gate gate = new Gate(1);
        AtomicInteger visits = new AtomicInteger();
        for (int i = 0; i < 100; i++) {
            gate.enter(
                    () -> {
                        visits.incrementAndGet();
                        gate.leave();
                    },
                    false);
        }

        assertThat(visits).hasValue(100);
    }

    @Test
    void underContentionAllGetInAndNeverTooMany() throws Exception {
        int visitors = 20_000;
        Gate gate = new Gate(3);
        AtomicInteger inside = new AtomicInteger();
        ConcurrentLinkedQueue<Integer> crowds = new ConcurrentLinkedQueue<>();
        CountDownLatch done = new CountDownLatch(visitors);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int i = 0; i < visitors; i++) {
                threads.execute(() -> gate.enter(
                        () -> {
                            crowds.add(inside.incrementAndGet());
                            threads.execute(() -> {
                                inside.decrementAndGet();
                                done.countDown();
                                gate.leave();
                            });
                        },
                        false));
            }

            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            threads.shutdownNow();
        }
        assertThat(crowds).hasSize(visitors).allMatch(crowd -> crowd <= 3);
    }

    /** The deadline is for the fetch, and a fetch begins when it is let in. */
    @Test
    void aFetchThatWaitsForItsTurnDoesNotTimeOut() {
        try (Stage stage = new Stage()) {
            Gate gate = new Gate(1);
            gate.enter(() -> {}, false);
            Refresher refresher = refresher(stage, gate, request -> new CompletableFuture<>());
            Flight flight = refresher.request(RefreshTrigger.START, now(stage));
            stage.time.advance(Stage.FETCH_TIMEOUT.multipliedBy(3));
            assertThat(flight.landed()).isNotDone();

            gate.leave();
            stage.time.advance(Stage.FETCH_TIMEOUT.minusMillis(1));
            assertThat(flight.landed()).isNotDone();
            stage.time.advance(Stage.MILLI);

            assertThat(flight.landed()).isDone();
            assertThat(stage.events.lastFailure().failure().describe()).contains("fetch timeout of 5 s");
            List<String> next = new ArrayList<>();
            gate.enter(() -> next.add("in"), false);
            assertThat(next).as("the place is free again").hasSize(1);
        }
    }

    @Test
    void aFetchThatWasPurgedWhileItWaitedIsNotMade() {
        try (Stage stage = new Stage()) {
            Gate gate = new Gate(1);
            gate.enter(() -> {}, false);
            AtomicInteger calls = new AtomicInteger();
            Refresher refresher = refresher(stage, gate, request -> {
                calls.incrementAndGet();
                return new CompletableFuture<>();
            });
            refresher.request(RefreshTrigger.START, now(stage));
            refresher.close();

            gate.leave();

            assertThat(calls).hasValue(0);
            List<String> next = new ArrayList<>();
            gate.enter(() -> next.add("in"), false);
            assertThat(next).as("the place is free again").hasSize(1);
        }
    }

    /** Over real sockets: a hundred tenants of one provider that hangs. */
    @Test
    void aHundredTenantsOfOneHostOpenSixtyFourConnections() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start(Stage.ALG)) {
            provider.behave(Behaviour.hangBeforeHeaders());
            List<JwksCache> tenants = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                JwksCache cache = JwksCache.builder(URI.create(provider.jwksUri() + "?tenant=" + i))
                        .build();
                tenants.add(cache);
                cache.startAsync();
            }
            while (provider.requestCount() < Gate.MOST_FOR_A_HOST) {
                Thread.onSpinWait();
            }
            assertThat(provider.openConnections()).isEqualTo(Gate.MOST_FOR_A_HOST);

            provider.behave(Behaviour.healthy());
            tenants.subList(0, 50).forEach(JwksCache::close);
            for (JwksCache tenant : tenants.subList(Gate.MOST_FOR_A_HOST, 100)) {
                tenant.get();
            }
            assertThat(provider.requestCount()).isLessThanOrEqualTo(100);
            tenants.forEach(JwksCache::close);
        }
    }

    @Test
    void allWhoUseAHostShareItsGateUntilTheLastHasLeft() {
        Gates gates = new Gates();
        Gate first = gates.use("idp.test");

        assertThat(gates.use("idp.test")).isSameAs(first);
        assertThat(gates.use("other.test")).isNotSameAs(first);
        gates.leave("idp.test");
        assertThat(gates.use("idp.test")).isSameAs(first);
        gates.leave("idp.test");
        gates.leave("idp.test");
        assertThat(gates.use("idp.test")).isNotSameAs(first);
    }

    private static Refresher refresher(Stage stage, Gate gate, JwksOrigin origin) {
        Engine engine = new Engine(stage.time.scheduler(), Runnable::run, Runnable::run, Runnable::run, gate, () -> {});
        return Stage.refresher(engine, origin, stage.timeSource(), new Counters(), stage.events);
    }

    private static Moment now(Stage stage) {
        return new Moment(
                stage.time.nanoTime().getAsLong(), stage.time.wallClock().millis());
    }
}
