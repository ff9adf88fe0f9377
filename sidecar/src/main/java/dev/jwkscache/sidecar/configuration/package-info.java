/** What the sidecar is told: settings by flag, variable and file, complete and checked. */
@NullMarked
package dev.jwkscache.sidecar.configuration;

import org.jspecify.annotations.NullMarked;
