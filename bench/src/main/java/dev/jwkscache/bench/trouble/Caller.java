package dev.jwkscache.bench.trouble;

import java.security.PublicKey;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread that asks for the current kid at a steady pace, and catches up when it was held up. Allocates nothing between
 * lookups.
 */
final class Caller extends Thread {
    /** A last lookup whose thread was woken late is still made. */
    private static final long GRACE_NANOS = 20_000_000;

    private final KeySource keys;
    private final Scenario scenario;
    private final CallerLog log;
    private final long startNanos;
    /** How much of the log others may read. */
    private volatile int published;

    Caller(KeySource keys, Scenario scenario, int number, long startNanos) {
        super("caller-" + number);
        setDaemon(true);
        this.keys = keys;
        this.scenario = scenario;
        this.log = new CallerLog(scenario, number);
        this.startNanos = startNanos;
    }

    @Override
    public void run() {
        long end = startNanos + scenario.length().toNanos() + GRACE_NANOS;
        for (int i = 0; i < log.planned(); i++) {
            long due = log.due(i);
            sleepUntil(startNanos + due);
            if (System.nanoTime() - end >= 0 || isInterrupted()) {
                return;
            }
            lookUp(due);
            published = i + 1;
        }
    }

    /** What was answered so far. */
    CallerLog log() {
        return log.upTo(published);
    }

    private void lookUp(long due) {
        String kid = scenario.kidAt(due);
        PublicKey key = null;
        Throwable thrown = null;
        long begin = System.nanoTime();
        try {
            key = keys.key(kid);
        } catch (Throwable e) {
            thrown = e;
        }
        long took = System.nanoTime() - begin;
        if (key != null) {
            log.succeeded(took);
            return;
        }
        log.failed(took);
        if (!log.hasExplained()) {
            log.explain(due, explain(kid, thrown));
        }
    }

    private static String explain(String kid, @Nullable Throwable thrown) {
        return thrown == null ? "no key for " + kid : thrown.getClass().getSimpleName() + ": " + thrown.getMessage();
    }

    static void sleepUntil(long nanos) {
        for (long left = nanos - System.nanoTime();
                left > 0 && !Thread.currentThread().isInterrupted();
                left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
