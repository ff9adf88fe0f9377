package dev.jwkscache.bench.report;

import java.util.Map;

/**
 * What a part puts on the page.
 *
 * @param markdown tables and links to the charts
 * @param charts SVG by file name
 */
public record Section(String markdown, Map<String, String> charts) {}
