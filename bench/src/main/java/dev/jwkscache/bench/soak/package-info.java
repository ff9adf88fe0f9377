/** A long random run against a model that knows at each moment which answers are allowed. */
@NullMarked
package dev.jwkscache.bench.soak;

import org.jspecify.annotations.NullMarked;
