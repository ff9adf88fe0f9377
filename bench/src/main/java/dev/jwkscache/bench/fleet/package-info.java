/** The shared store shown at scale: what {@code bench/fleet} measures and puts on {@code docs/fleet.md}. */
@NullMarked
package dev.jwkscache.bench.fleet;

import org.jspecify.annotations.NullMarked;
