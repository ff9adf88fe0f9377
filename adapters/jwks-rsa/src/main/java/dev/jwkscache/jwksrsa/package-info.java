/** jwks-rsa on the keys of a cache. */
@NullMarked
package dev.jwkscache.jwksrsa;

import org.jspecify.annotations.NullMarked;
