/** The providers whose keys are kept: their caches, and what is known of them beside the keys. */
@NullMarked
package dev.jwkscache.sidecar.providers;

import org.jspecify.annotations.NullMarked;
