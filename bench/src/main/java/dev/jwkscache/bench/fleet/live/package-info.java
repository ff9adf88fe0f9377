/** Two hundred instances in one process, with a real Redis and one provider. */
@NullMarked
package dev.jwkscache.bench.fleet.live;

import org.jspecify.annotations.NullMarked;
