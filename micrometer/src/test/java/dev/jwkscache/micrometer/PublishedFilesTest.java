package dev.jwkscache.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The dashboard, the alerts and the table of the README speak of what a real registry hands to Prometheus. */
class PublishedFilesTest {
    private static final Path DASHBOARD = Path.of("dashboards/grafana-jwks-cache.json");
    private static final Path ALERTS = Path.of("alerts/prometheus-jwks-cache.yml");
    private static final Pattern ROW = Pattern.compile(
            "(?m)^\\| `(jwks\\.cache\\.[a-z.]+)` \\| (gauge|counter|timer) \\| (.*?) ?\\| `(jwks_cache_[a-z_]+)` \\|");
    private static final Pattern IN_BRACES = Pattern.compile("\\{\\{ ?(?:\\$labels\\.)?([a-z_]+) ?}}");

    private final Scrape scrape = Scrape.ofEveryMeter();

    @Test
    void everyNameInTheDashboardIsInTheScrape() throws Exception {
        Map<String, Object> dashboard = JSONObjectUtils.parse(Files.readString(DASHBOARD));
        List<Map<?, ?>> targets = new ArrayList<>();
        collect(dashboard, "expr", targets);
        List<Map<?, ?>> variables = new ArrayList<>();
        collect(dashboard.get("templating"), "query", variables);

        assertThat(targets).hasSizeGreaterThan(10).allSatisfy(target -> {
            assertThat(Promql.faults((String) target.get("expr"), scrape))
                    .as("%s", target)
                    .isEmpty();
            assertLabels(
                    (String) target.get("legendFormat"), Set.of("cache", "state", "reason", "result", "trigger", "le"));
        });
        assertThat(variables.stream()
                        .map(variable -> (String) variable.get("query"))
                        .filter(query -> query.startsWith("label_values")))
                .hasSize(1)
                .allSatisfy(query -> assertThat(Promql.faults(query, scrape)).isEmpty());
    }

    @Test
    void everyNameInTheAlertsIsInTheScrape() throws IOException {
        List<Map<?, ?>> rules = rules();

        assertThat(rules).hasSizeGreaterThan(6).allSatisfy(rule -> {
            assertThat(Promql.faults((String) rule.get("expr"), scrape))
                    .as("%s", rule)
                    .isEmpty();
            Map<?, ?> annotations = (Map<?, ?>) rule.get("annotations");
            assertLabels((String) annotations.get("summary"), Set.of("cache", "reason"));
            assertThat(((Map<?, ?>) rule.get("labels")).get("severity")).isIn("page", "warning", "info");
        });
        assertThat(rules).extracting(rule -> (Object) rule.get("alert")).doesNotHaveDuplicates();
    }

    /** The texts of rules send people to metrics too. */
    @Test
    void everyMetricThatATextNamesIsInTheScrape() throws IOException {
        Set<String> named = new HashSet<>();
        for (Path page : List.of(ALERTS, DASHBOARD, Path.of("README.md"))) {
            Matcher matcher = Pattern.compile("jwks_cache_[a-z_]+").matcher(Files.readString(page));
            while (matcher.find()) {
                named.add(matcher.group());
            }
        }

        assertThat(named)
                .hasSizeGreaterThan(10)
                .allSatisfy(name -> assertThat(scrape.metrics().keySet())
                        .anyMatch(metric -> metric.equals(name) || metric.equals(name + "_count")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "jwks_cache_agee_seconds > 1; no metric jwks_cache_agee_seconds",
                "sum by (kid) (jwks_cache_keys); no metric has the label kid",
                "jwks_cache_keys{kid=\"1\"} > 0; metric jwks_cache_keys has no label kid",
                "jwks_cache_state{state=\"rotten\"} > 0; label state of jwks_cache_state is never rotten",
                "jwks_cache_state{state=~\"fresh|rotten\"} > 0; label state of jwks_cache_state is never rotten",
                "rate(jwks_cache_fetches[5m]); no metric jwks_cache_fetches",
                "jwks_cache_keys and jwks_cache_kees; no metric jwks_cache_kees",
                "label_values(jwks_cache_state, tenant); no metric has the label tenant",
                "jwks_cache_keys ? 1; not understood: ? 1",
                "sum(1); there is no metric in it"
            })
    void aWrongNameIsFound(String expression, String fault) {
        assertThat(Promql.faults(expression, scrape)).contains(fault);
    }

    @Test
    void theReadmeListsEveryMeterWithItsTypeItsTagsAndItsNameInPrometheus() throws IOException {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Map<String, String> registered = EveryMeter.lived(
                registry,
                () -> registry.getMeters().stream()
                        .map(Meter::getId)
                        // The buckets of a timer are a matter of the registry.
                        .filter(id -> !id.getName().endsWith(".histogram"))
                        .collect(Collectors.toMap(
                                Meter.Id::getName,
                                id -> type(id) + " " + tags(id),
                                (one, other) -> one,
                                TreeMap::new)));
        Map<String, String> listed = new TreeMap<>();
        Set<String> inPrometheus = new TreeSet<>();
        Matcher rows = ROW.matcher(Files.readString(Path.of("README.md")));
        while (rows.find()) {
            listed.put(rows.group(1), rows.group(2) + " " + new TreeSet<>(names(rows.group(3))));
            inPrometheus.add(rows.group(4));
        }

        assertThat(listed).isEqualTo(registered);
        assertThat(inPrometheus)
                .isEqualTo(scrape.metrics().keySet().stream()
                        .map(metric -> metric.replaceFirst("_(count|sum|max|bucket)$", ""))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    private static String type(Meter.Id id) {
        return switch (id.getType()) {
            case GAUGE -> "gauge";
            case COUNTER -> "counter";
            case TIMER -> "timer";
            default -> id.getType().name();
        };
    }

    private static Set<String> tags(Meter.Id id) {
        assertThat(id.getTag("cache")).isEqualTo("idp");
        return id.getTags().stream()
                .map(Tag::getKey)
                .filter(key -> !key.equals("cache"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> names(String cell) {
        return Pattern.compile("`([a-z]+)`")
                .matcher(cell)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static void assertLabels(String text, Set<String> known) {
        Matcher braces = IN_BRACES.matcher(text);
        while (braces.find()) {
            assertThat(known).as("%s", text).contains(braces.group(1));
        }
    }

    private static List<Map<?, ?>> rules() throws IOException {
        Object alerts = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(ALERTS));
        List<Map<?, ?>> rules = new ArrayList<>();
        collect(alerts, "expr", rules);
        return rules;
    }

    /** Every object that has such a member, however deep. */
    private static void collect(Object from, String member, List<Map<?, ?>> found) {
        if (from instanceof Map<?, ?> map) {
            if (map.get(member) instanceof String) {
                found.add(map);
            }
            map.values().forEach(value -> collect(value, member, found));
        } else if (from instanceof List<?> list) {
            list.forEach(value -> collect(value, member, found));
        }
    }
}
