/** Meters of caches, for Micrometer. */
@NullMarked
package dev.jwkscache.micrometer;

import org.jspecify.annotations.NullMarked;
