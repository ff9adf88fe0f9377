/** jose4j on the keys of a cache. */
@NullMarked
package dev.jwkscache.jose4j;

import org.jspecify.annotations.NullMarked;
