/** The demonstration in the terminal: an identity provider in its worst minute, chapter by chapter. */
@NullMarked
package dev.jwkscache.sidecar.story;

import org.jspecify.annotations.NullMarked;
