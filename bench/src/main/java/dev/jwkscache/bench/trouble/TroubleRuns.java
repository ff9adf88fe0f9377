package dev.jwkscache.bench.trouble;

import java.util.List;

/**
 * A run of all subjects, and more of jwks-cache alone: what a busy machine does to its quantiles of a few microseconds
 * shows only in several.
 */
public record TroubleRuns(TroubleResult all, List<TroubleResult> oursAgain) {}
