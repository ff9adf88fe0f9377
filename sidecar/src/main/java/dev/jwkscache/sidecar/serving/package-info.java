/** The server that clients ask for keys. */
@NullMarked
package dev.jwkscache.sidecar.serving;

import org.jspecify.annotations.NullMarked;
