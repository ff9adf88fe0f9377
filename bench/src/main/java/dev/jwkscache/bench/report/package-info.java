/** What is measured becomes raw results, and these become the tables and charts of {@code docs/benchmarks.md}. */
@NullMarked
package dev.jwkscache.bench.report;

import org.jspecify.annotations.NullMarked;
