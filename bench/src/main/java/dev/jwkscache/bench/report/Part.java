package dev.jwkscache.bench.report;

import java.util.Optional;

/**
 * One part of the benchmarks: measures, and words what it has measured.
 *
 * @param <R> what it has measured, as Gson can write and read it
 */
public interface Part<R> {
    /** What it is called on the command line, in file names and on the page. */
    String name();

    Class<R> resultType();

    /** What to type to measure it again. */
    default String command() {
        return "./bench/run " + name();
    }

    /** What this machine lacks that the part cannot do without, in a sentence without a capital; empty where it can run. */
    default Optional<String> missing() {
        return Optional.empty();
    }

    /**
     * Measures.
     *
     * @param brief only to see that everything runs: the figures mean nothing
     */
    R measure(boolean brief) throws Exception;

    Section section(R result);
}
