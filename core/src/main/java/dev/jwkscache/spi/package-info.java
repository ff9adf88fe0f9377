/** What can be replaced: where key sets come from. */
@NullMarked
package dev.jwkscache.spi;

import org.jspecify.annotations.NullMarked;
