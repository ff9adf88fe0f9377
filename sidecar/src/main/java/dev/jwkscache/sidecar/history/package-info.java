/** The record of what was trusted when: written by the sidecar, read by {@code jwks-cache history}. */
@NullMarked
package dev.jwkscache.sidecar.history;

import org.jspecify.annotations.NullMarked;
