@NullMarked
package dev.jwkscache.sidecar.configuration;

import org.jspecify.annotations.NullMarked;
