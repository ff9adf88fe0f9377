/** What takes part in the demonstrations: tokens, who presents and who forges them, who verifies them, and the count. */
@NullMarked
package dev.jwkscache.sidecar.demo;

import org.jspecify.annotations.NullMarked;
