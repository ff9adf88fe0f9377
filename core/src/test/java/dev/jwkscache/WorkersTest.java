package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One thread while nothing blocks, and no more than it takes while something does. Patience is virtual, threads are real. */
class WorkersTest {
    private static final Duration PATIENCE = Duration.ofMillis(Workers.PATIENCE_MILLIS);

    private final VirtualTime time = new VirtualTime();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final List<CountDownLatch> blocks = new ArrayList<>();
    private final Workers workers = new Workers(time.scheduler(), task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
    });

    @AfterEach
    void end() {
        blocks.forEach(CountDownLatch::countDown);
        workers.shutdown();
    }

    @Test
    void whatDoesNotBlockSharesOneThreadHoweverMuchThereIs() throws Exception {
        CountDownLatch done = new CountDownLatch(1_000);
        for (int i = 0; i < 1_000; i++) {
            workers.execute(done::countDown);
        }
        await(done);
        time.advance(PATIENCE.multipliedBy(10));

        assertThat(threads).hasSize(1);
    }

    @Test
    void whatWaitsBehindSomethingThatBlocksGetsAThreadOfItsOwnWhenPatienceIsOver() throws Exception {
        block();
        CountDownLatch done = new CountDownLatch(1);
        workers.execute(done::countDown);
        time.advance(PATIENCE.minusMillis(1));
        assertThat(threads).hasSize(1);

        time.advance(Duration.ofMillis(1));

        await(done);
        assertThat(threads).hasSize(2);
    }

    @Test
    void whenMuchBlocksThreadsDoubleUntilEverythingRuns() throws Exception {
        block();
        for (int i = 0; i < 6; i++) {
            blocks.add(blocking());
        }
        CountDownLatch done = new CountDownLatch(1);
        workers.execute(done::countDown);
        for (int threadsWanted : new int[] {2, 4, 8}) {
            time.advance(PATIENCE);
            assertThat(threads).hasSize(threadsWanted);
            awaitWaiting(threadsWanted);
        }

        await(done);
    }

    @Test
    void threadsThatAreNoLongerNeededEnd() throws Exception {
        block();
        CountDownLatch done = new CountDownLatch(1);
        workers.execute(done::countDown);
        time.advance(PATIENCE);
        await(done);

        blocks.forEach(CountDownLatch::countDown);
        time.advance(PATIENCE);

        for (Thread thread : List.copyOf(threads).subList(0, 1)) {
            thread.join(TimeUnit.SECONDS.toMillis(20));
        }
        assertThat(threads).filteredOn(Thread::isAlive).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void afterTheEndNothingWaitsBehindWhatBlocks() throws Exception {
        block();
        CountDownLatch done = new CountDownLatch(1);
        workers.execute(done::countDown);
        time.scheduler().shutdownNow();

        workers.shutdown();

        await(done);
    }

    @Test
    void withoutATimerNothingWaitsBehindWhatBlocks() throws Exception {
        block();
        time.scheduler().shutdownNow();
        CountDownLatch done = new CountDownLatch(1);

        workers.execute(done::countDown);

        await(done);
    }

    private void block() throws InterruptedException {
        blocks.add(blocking());
        awaitWaiting(1);
    }

    private CountDownLatch blocking() {
        CountDownLatch end = new CountDownLatch(1);
        workers.execute(() -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return end;
    }

    /** Until so many threads are blocked, so that the next look sees no progress. */
    private void awaitWaiting(int blocked) {
        while (threads.stream()
                        .filter(thread -> thread.getState() == Thread.State.WAITING
                                || thread.getState() == Thread.State.TIMED_WAITING)
                        .count()
                < blocked) {
            Thread.onSpinWait();
        }
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    }
}
