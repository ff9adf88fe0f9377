/** What a flood of forged kids costs, and what it does to those who ask for known ones. */
@NullMarked
package dev.jwkscache.bench.forged;

import org.jspecify.annotations.NullMarked;
