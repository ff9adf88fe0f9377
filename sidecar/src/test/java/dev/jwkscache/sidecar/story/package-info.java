@NullMarked
package dev.jwkscache.sidecar.story;

import org.jspecify.annotations.NullMarked;
