package dev.jwkscache.micrometer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads an expression of PromQL as far as names go: what is wrong with it against a scrape. */
final class Promql {
    /** One alternative for each kind of token; what none of them takes is a fault. */
    private static final Pattern TOKEN =
            Pattern.compile("\\s*(?:(?<string>\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*')"
                    + "|(?<duration>\\[(?:\\d+[smhdw]|\\$__rate_interval)])"
                    + "|(?<number>\\d+(?:\\.\\d+)?)"
                    + "|(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)"
                    + "|(?<sign>=~|!~|!=|==|<=|>=|[-+*/<>=(){},]))\\s*");

    private static final Set<String> FUNCTIONS =
            Set.of("sum", "min", "max", "avg", "count", "rate", "increase", "label_values");
    private static final Set<String> GROUPINGS = Set.of("by", "without", "on", "ignoring");
    private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool");
    /** Prometheus itself adds them. */
    private static final Set<String> FROM_PROMETHEUS = Set.of("instance", "job");

    private final Scrape scrape;
    private final List<String> tokens = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final List<String> metrics = new ArrayList<>();
    private final List<String> groupedBy = new ArrayList<>();
    private int at;

    private Promql(String expression, Scrape scrape) {
        this.scrape = scrape;
        Matcher matcher = TOKEN.matcher(expression);
        int end = 0;
        while (end < expression.length() && matcher.find(end) && matcher.start() == end) {
            tokens.add(matcher.group().strip());
            end = matcher.end();
        }
        if (end < expression.length()) {
            faults.add("not understood: " + expression.substring(end));
        }
    }

    /** The names of metrics and labels, and the values of labels, that the scrape lacks; empty when all is well. */
    static List<String> faults(String expression, Scrape scrape) {
        Promql promql = new Promql(expression, scrape);
        promql.read();
        return promql.faults;
    }

    /** The names of metrics in it, right or wrong. */
    static List<String> metrics(String expression, Scrape scrape) {
        Promql promql = new Promql(expression, scrape);
        promql.read();
        return promql.metrics;
    }

    private void read() {
        while (at < tokens.size()) {
            String token = tokens.get(at++);
            if (GROUPINGS.contains(token)) {
                labelsInParentheses();
            } else if (isName(token) && !OPERATORS.contains(token) && !(FUNCTIONS.contains(token) && !next("{"))) {
                metric(token);
            }
        }
        if (metrics.isEmpty()) {
            faults.add("there is no metric in it");
        }
        for (String label : groupedBy) {
            if (metrics.stream().noneMatch(metric -> labels(metric).containsKey(label))) {
                faults.add("no metric has the label " + label);
            }
        }
    }

    private void metric(String name) {
        metrics.add(name);
        if (!scrape.metrics().containsKey(name)) {
            faults.add("no metric " + name);
        }
        if (next("{")) {
            at++;
            while (!next("}")) {
                String label = tokens.get(at);
                String sign = tokens.get(at + 1);
                String value = tokens.get(at + 2);
                at += next(",", 3) ? 4 : 3;
                selected(name, label, sign, value.substring(1, value.length() - 1));
            }
            at++;
        }
        // label_values(metric, label) is Grafana's, not Prometheus's.
        if (tokens.get(0).equals("label_values") && next(",")) {
            groupedBy.add(tokens.get(at + 1));
            at += 2;
        }
    }

    private void selected(String metric, String label, String sign, String value) {
        Set<String> values = labels(metric).get(label);
        if (values == null) {
            faults.add("metric " + metric + " has no label " + label);
        } else if (!value.startsWith("$")) {
            for (String one : sign.endsWith("~") ? List.of(value.split("\\|")) : List.of(value)) {
                if (!values.contains(one)) {
                    faults.add("label " + label + " of " + metric + " is never " + one);
                }
            }
        }
    }

    private void labelsInParentheses() {
        at++;
        while (!next(")")) {
            String label = tokens.get(at++);
            if (isName(label) && !FROM_PROMETHEUS.contains(label)) {
                groupedBy.add(label);
            }
        }
        at++;
    }

    private Map<String, Set<String>> labels(String metric) {
        return scrape.metrics().getOrDefault(metric, Map.of());
    }

    private boolean next(String token) {
        return next(token, 0);
    }

    private boolean next(String token, int ahead) {
        return at + ahead < tokens.size() && tokens.get(at + ahead).equals(token);
    }

    private static boolean isName(String token) {
        return token.matches("[a-zA-Z_:].*");
    }
}
