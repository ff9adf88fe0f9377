package dev.jwkscache.bench.fleet.simulation;

import java.util.List;

/**
 * The same day with and without a shared store.
 *
 * @param limits calm hours with a rotation and a deploy, through a store that does one thing after the other, for several
 *     sizes of the fleet
 */
public record SimulationResults(long seed, DayResult without, DayResult with, List<DayResult> limits) {}
