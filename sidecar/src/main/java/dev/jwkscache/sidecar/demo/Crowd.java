package dev.jwkscache.sidecar.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Threads that do the same thing again and again until told to stop. Daemons. */
public final class Crowd implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 5000;

    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    private Crowd() {}

    /**
     * Starts a crowd.
     *
     * @param pauseMillis between two deeds of one thread, on average
     * @param wrong hears what a deed threw; the thread goes on
     */
    public static Crowd of(
            int size, String name, int pauseMillis, Consumer<RandomGenerator> deed, Consumer<String> wrong) {
        Crowd crowd = new Crowd();
        for (int i = 1; i <= size; i++) {
            Thread thread = new Thread(() -> crowd.work(pauseMillis, deed, wrong), "jwks-cache-demo-" + name + "-" + i);
            thread.setDaemon(true);
            crowd.threads.add(thread);
        }
        crowd.threads.forEach(Thread::start);
        return crowd;
    }

    private void work(int pauseMillis, Consumer<RandomGenerator> deed, Consumer<String> wrong) {
        RandomGenerator random = RandomGeneratorFactory.getDefault().create();
        try {
            while (!stopped) {
                try {
                    deed.accept(random);
                } catch (RuntimeException e) {
                    wrong.accept(e.toString());
                }
                Thread.sleep(random.nextInt(2 * pauseMillis + 1));
            }
        } catch (InterruptedException ended) {
            // Nobody interrupts but to end.
        }
    }

    /** Asks all to stop, and returns at once. */
    void stop() {
        stopped = true;
    }

    /** Asks all to stop, and waits until they have: none is interrupted in what it does. */
    @Override
    public void close() {
        stopped = true;
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        try {
            for (Thread thread : threads) {
                thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
