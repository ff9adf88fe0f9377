package dev.jwkscache.keycloak;

import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Waits for what a real process and real clocks must bring about. The limit only ends a run that has failed: nothing is
 * said about how long anything takes.
 */
final class Eventually {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration PAUSE = Duration.ofMillis(10);

    private Eventually() {}

    static void holds(String what, BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begin > LIMIT.toNanos()) {
                fail("Not within " + LIMIT + ": " + what);
            }
            pause(what);
        }
    }

    static <T> T completes(String what, Future<T> future) {
        try {
            return future.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return fail("Not within " + LIMIT + ": " + what, e);
        } catch (ExecutionException e) {
            return fail("Failed: " + what, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return fail("Interrupted: " + what, e);
        }
    }

    private static void pause(String what) {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail("Interrupted: " + what, e);
        }
    }
}
