package dev.jwkscache.micrometer;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Prometheus is handed: the names of all metrics, and of each the labels with the values that were seen. */
record Scrape(Map<String, Map<String, Set<String>>> metrics) {
    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? \\S+$");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** Of a cache that has met everything. */
    static Scrape ofEveryMeter() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        return parse(EveryMeter.lived(registry, registry::scrape));
    }

    static Scrape parse(String text) {
        Map<String, Map<String, Set<String>>> metrics = new HashMap<>();
        Matcher samples = SAMPLE.matcher(text);
        while (samples.find()) {
            Map<String, Set<String>> labels = metrics.computeIfAbsent(samples.group(1), name -> new HashMap<>());
            Matcher label = LABEL.matcher(samples.group(2) == null ? "" : samples.group(2));
            while (label.find()) {
                labels.computeIfAbsent(label.group(1), name -> new HashSet<>()).add(label.group(2));
            }
        }
        return new Scrape(metrics);
    }
}
