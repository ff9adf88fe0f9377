/** A day of a large fleet in simulated time: real caches, the real decisions of the shared store, no network. */
@NullMarked
package dev.jwkscache.bench.fleet.simulation;

import org.jspecify.annotations.NullMarked;
