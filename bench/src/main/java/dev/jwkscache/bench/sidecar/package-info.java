/** The sidecar beside what people put in front of a provider now: nginx and Varnish. */
@NullMarked
package dev.jwkscache.bench.sidecar;

import org.jspecify.annotations.NullMarked;
