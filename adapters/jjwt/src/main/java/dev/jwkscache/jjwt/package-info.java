/** jjwt on the keys of a cache. */
@NullMarked
package dev.jwkscache.jjwt;

import org.jspecify.annotations.NullMarked;
