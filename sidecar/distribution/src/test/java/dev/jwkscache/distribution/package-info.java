/** What is handed to users, unpacked and started as they do. */
@NullMarked
package dev.jwkscache.distribution;

import org.jspecify.annotations.NullMarked;
