/** From kid and algorithm to a public key: jwks-cache, its peers, and the least that such a lookup can cost. */
@NullMarked
package dev.jwkscache.bench.lookup;

import org.jspecify.annotations.NullMarked;
