/** Keeps the public keys (JWK Set, RFC 7517) of an identity provider fresh, bounded and at hand. */
@NullMarked
package dev.jwkscache;

import org.jspecify.annotations.NullMarked;
