package dev.jwkscache.bench.trouble;

import java.io.IOException;
import java.util.List;

/** The callers of one scenario, wherever they run. Used by one thread. */
interface Crew extends AutoCloseable {
    /** Makes everything ready to go; unless the scenario is cold, the cache is warm afterwards. */
    void ready() throws Exception;

    /** Lets the callers begin at that reading of {@link System#nanoTime()}. */
    void go(long startNanos) throws Exception;

    /** What the callers have seen; waits a bounded time for those who are about to end, and not for those who are stuck. */
    List<CallerLog> finish() throws Exception;

    /** Ends callers and cache within a bounded time. */
    @Override
    void close() throws IOException;
}
