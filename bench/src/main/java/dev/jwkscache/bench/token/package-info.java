/** A whole token, from text to verified claims: through jwks-cache, through its peers, and the bare signature. */
@NullMarked
package dev.jwkscache.bench.token;

import org.jspecify.annotations.NullMarked;
