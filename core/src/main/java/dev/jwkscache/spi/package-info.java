/** What can be replaced: where key sets come from, and where they are kept. */
@NullMarked
package dev.jwkscache.spi;

import org.jspecify.annotations.NullMarked;
