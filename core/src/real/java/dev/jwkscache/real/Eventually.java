package dev.jwkscache.real;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Waits for what real servers and real networks do in their own time; never asserts how long it took. */
public final class Eventually {
    /** Far longer than anything takes here, far shorter than the time that a test may take. */
    private static final Duration BOUND = Duration.ofSeconds(45);

    private Eventually() {}

    public static void check(ThrowingCallable assertion) throws Exception {
        answer(() -> {
            try {
                assertion.call();
            } catch (Error | Exception e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
            return true;
        });
    }

    /** The first answer that does not fail. */
    public static <T> T answer(Callable<T> question) throws Exception {
        long end = System.nanoTime() + BOUND.toNanos();
        while (true) {
            try {
                return question.call();
            } catch (Exception | AssertionError e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(25);
            }
        }
    }
}
