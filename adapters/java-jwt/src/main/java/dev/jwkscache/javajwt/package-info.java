/** java-jwt on the keys of a cache. */
@NullMarked
package dev.jwkscache.javajwt;

import org.jspecify.annotations.NullMarked;
