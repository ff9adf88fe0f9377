/** How long a new process waits for its first key. */
@NullMarked
package dev.jwkscache.bench.start;

import org.jspecify.annotations.NullMarked;
