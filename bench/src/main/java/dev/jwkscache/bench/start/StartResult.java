package dev.jwkscache.bench.start;

import java.util.List;

/** How long new processes took to their first key. */
public record StartResult(List<Variant> variants) {

    /**
     * One way to start the JVM.
     *
     * @param nanos from {@code main} to the first key, each a process
     * @param httpNanos from {@code main} to the body of the same document, by the JDK's HTTP client and nothing else
     */
    public record Variant(String name, List<Double> nanos, List<Double> httpNanos) {}
}
