package dev.jwkscache.sidecar;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets a command end cleanly on SIGINT and SIGTERM: the process waits a moment until it has. */
public final class Interruption implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 2000;

    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interrupt, "jwks-cache-interruption");

    private final Runnable atOnce;

    private Interruption(Runnable atOnce) {
        this.atOnce = atOnce;
    }

    /**
     * From now on a signal is told, until closed.
     *
     * @param atOnce what must happen even if the command is too slow to end
     */
    public static Interruption arm(Runnable atOnce) {
        Interruption interruption = new Interruption(atOnce);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /** Opens when the process was asked to end. */
    public CountDownLatch requested() {
        return requested;
    }

    /** The command has tidied up. */
    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException endingAlready) {
            // The hook runs; it goes on now.
        }
    }

    private void interrupt() {
        requested.countDown();
        atOnce.run();
        try {
            done.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
