package dev.jwkscache.bench.many;

import java.lang.management.ManagementFactory;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The live objects of this process by class, as the JVM itself counts them.
 *
 * @param classes objects and bytes by class name
 */
record Heap(Map<String, long[]> classes) {

    /** After a full collection, which the histogram brings about. */
    static Heap now() {
        Map<String, long[]> classes = new HashMap<>();
        for (String line : histogram().lines().toList()) {
            String[] columns = line.trim().split("\\s+");
            if (columns.length >= 4 && columns[0].endsWith(":")) {
                long[] counts = classes.computeIfAbsent(readable(columns[3]), name -> new long[2]);
                counts[0] += Long.parseLong(columns[1]);
                counts[1] += Long.parseLong(columns[2]);
            }
        }
        return new Heap(classes);
    }

    long bytes() {
        return classes.values().stream().mapToLong(counts -> counts[1]).sum();
    }

    /** What has come since {@code before}, for each of {@code caches}. */
    List<ManyResult.Item> since(Heap before, int caches) {
        return classes.entrySet().stream()
                .map(entry -> {
                    long[] then = before.classes.getOrDefault(entry.getKey(), new long[2]);
                    return new ManyResult.Item(
                            entry.getKey(),
                            (double) (entry.getValue()[0] - then[0]) / caches,
                            (double) (entry.getValue()[1] - then[1]) / caches);
                })
                .filter(item -> item.bytes() >= 8)
                .sorted(Comparator.comparingDouble(ManyResult.Item::bytes).reversed())
                .toList();
    }

    private static String histogram() {
        try {
            return (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
        } catch (JMException e) {
            throw new IllegalStateException("this JVM counts no objects", e);
        }
    }

    private static String readable(String name) {
        int hidden = name.indexOf("$$Lambda");
        return switch (name) {
            case "[B" -> "byte[]";
            case "[I" -> "int[]";
            case "[J" -> "long[]";
            default -> hidden < 0 ? name : name.substring(0, hidden) + " (lambdas)";
        };
    }
}
