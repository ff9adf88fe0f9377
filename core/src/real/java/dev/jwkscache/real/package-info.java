/** What tests against real servers need, whoever these are; sources, for each module that tests against some. */
@NullMarked
package dev.jwkscache.real;

import org.jspecify.annotations.NullMarked;
