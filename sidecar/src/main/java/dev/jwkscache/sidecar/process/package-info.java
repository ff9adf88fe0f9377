/** A whole sidecar in one process: its parts together, from the start to the end. */
@NullMarked
package dev.jwkscache.sidecar.process;

import org.jspecify.annotations.NullMarked;
