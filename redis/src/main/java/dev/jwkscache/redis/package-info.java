/** The store of a fleet in Redis or Valkey, and the same decisions in one process. */
@NullMarked
package dev.jwkscache.redis;

import org.jspecify.annotations.NullMarked;
