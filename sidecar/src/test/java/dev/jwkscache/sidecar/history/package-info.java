@NullMarked
package dev.jwkscache.sidecar.history;

import org.jspecify.annotations.NullMarked;
