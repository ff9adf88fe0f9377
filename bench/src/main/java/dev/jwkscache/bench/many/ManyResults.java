package dev.jwkscache.bench.many;

import java.util.List;

/** One result for each number of caches, the largest last. */
public record ManyResults(List<ManyResult> results) {}
