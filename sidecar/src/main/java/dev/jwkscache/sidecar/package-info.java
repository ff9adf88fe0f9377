/** The command line of jwks-cache: a demonstration, a watch on a real address, an inspection of a key set, the history. */
@NullMarked
package dev.jwkscache.sidecar;

import org.jspecify.annotations.NullMarked;
