/** The same callers and the same troubles for jwks-cache and its peers: who fails, who waits, who asks how often. */
@NullMarked
package dev.jwkscache.bench.trouble;

import org.jspecify.annotations.NullMarked;
