/** Runs JMH from code, in rounds, so that what is compared was measured minutes apart at most. */
@NullMarked
package dev.jwkscache.bench.jmh;

import org.jspecify.annotations.NullMarked;
