package dev.jwkscache.bench.forged;

import dev.jwkscache.bench.jmh.Scores;

/** What a refusal costs, and what a million of them in a second do to others. */
public record ForgedResult(Scores refusals, FloodResult flood) {}
