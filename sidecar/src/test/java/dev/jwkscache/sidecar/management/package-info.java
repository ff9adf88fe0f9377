@NullMarked
package dev.jwkscache.sidecar.management;

import org.jspecify.annotations.NullMarked;
