@NullMarked
package dev.jwkscache.sidecar;

import org.jspecify.annotations.NullMarked;
