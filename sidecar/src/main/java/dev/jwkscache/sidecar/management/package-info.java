/** The server that people and machines ask how things are. */
@NullMarked
package dev.jwkscache.sidecar.management;

import org.jspecify.annotations.NullMarked;
