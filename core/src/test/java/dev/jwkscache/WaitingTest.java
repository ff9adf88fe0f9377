package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Futures that callers hold: their dependents never run on a thread of the cache, and nobody starts one for nothing. */
class WaitingTest {
    private final List<Runnable> handedOver = new ArrayList<>();

    @Test
    void whatNobodyWaitsForIsNotHandedOver() {
        CompletableFuture<String> inner = new CompletableFuture<>();
        CompletableFuture<String> outer = waiting().detached(inner);

        inner.complete("keys");

        assertThat(outer).isCompletedWithValue("keys");
        assertThat(handedOver).isEmpty();
    }

    @Test
    void whoeverWaitsIsCalledElsewhere() {
        CompletableFuture<String> inner = new CompletableFuture<>();
        CompletableFuture<Integer> dependent = waiting().detached(inner).thenApply(String::length);

        inner.complete("keys");
        assertThat(dependent).isNotDone();
        assertThat(handedOver).hasSize(1);
        handedOver.get(0).run();

        assertThat(dependent).isCompletedWithValue(4);
    }

    @Test
    void whatIsDoneAlreadyNeedsNoThread() {
        assertThat(waiting().detached(CompletableFuture.completedFuture("keys")))
                .isCompletedWithValue("keys");
        assertThat(handedOver).isEmpty();
    }

    private Waiting waiting() {
        VirtualTime virtual = new VirtualTime();
        Engine engine =
                new Engine(virtual.scheduler(), Runnable::run, Runnable::run, handedOver::add, Gate.open(), () -> {});
        TimeSource time = new TimeSource(virtual.wallClock(), virtual.nanoTime());
        Refresher refresher = Stage.refresher(engine, request -> new CompletableFuture<>(), time, new Counters());
        return new Waiting(
                new SettingsTest().defaults(),
                refresher,
                engine,
                time,
                new Counters(),
                new CacheEvents(new SettingsTest().defaults(), new Events(List.of(), engine.events())));
    }
}
