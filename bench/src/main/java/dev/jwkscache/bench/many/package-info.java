/** One, a hundred and ten thousand caches in one process: what they weigh, how many threads they share, whether they are on time. */
@NullMarked
package dev.jwkscache.bench.many;

import org.jspecify.annotations.NullMarked;
