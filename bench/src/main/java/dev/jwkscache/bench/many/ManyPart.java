package dev.jwkscache.bench.many;

import com.google.gson.Gson;
import dev.jwkscache.bench.report.Child;
import dev.jwkscache.bench.report.Figures;
import dev.jwkscache.bench.report.Part;
import dev.jwkscache.bench.report.Section;
import dev.jwkscache.bench.report.Table;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** 1, 100 and 10,000 caches in one JVM, each with two RSA keys; all providers answer in 50 ms. */
public final class ManyPart implements Part<ManyResults> {
    private static final int[] COUNTS = {1, 100, 10_000};
    private static final Duration ANSWER = Duration.ofMillis(50);
    private static final int MOST_THREADS = 4;
    private static final double MOST_BYTES = 12 << 10;
    private static final double LEAST_ON_TIME = 99;
    private static final double LEAST_SHOWN = 64;

    @Override
    public String name() {
        return "many";
    }

    @Override
    public Class<ManyResults> resultType() {
        return ManyResults.class;
    }

    @Override
    public ManyResults measure(boolean brief) throws IOException, InterruptedException {
        List<ManyResult> results = new ArrayList<>();
        for (int count : COUNTS) {
            int caches = brief ? Math.min(count, 200) : count;
            int interval = brief ? 2 : caches > 1_000 ? 100 : 10;
            try (ScriptedProvider provider = ScriptedProvider.start("RS256")) {
                provider.addKey("RS256");
                provider.behave(Behaviour.healthy().slow(ANSWER));
                results.add(new Gson()
                        .fromJson(
                                Child.run(
                                        ManyCaches.class,
                                        List.of("-Xmx2g"),
                                        List.of(),
                                        provider.jwksUri().toString(),
                                        Integer.toString(caches),
                                        Integer.toString(interval),
                                        Integer.toString(interval + interval / 4 + 1)),
                                ManyResult.class));
            }
        }
        return new ManyResults(results);
    }

    @Override
    public Section section(ManyResults results) {
        Table table = new Table(
                "caches",
                "all have keys after",
                "threads",
                "heap for each",
                "refreshes",
                "on time",
                "p99 late",
                "failures",
                "CPU, no callers");
        Table goals = new Table("goal", "measured", "");
        for (ManyResult result : results.results()) {
            String count = Figures.number(result.caches());
            table.row(
                    count,
                    Figures.duration(result.startMillis() * 1e6),
                    Integer.toString(lasting(result).size()),
                    kib(result.heapBytes()),
                    Figures.number((double) result.refreshes()),
                    Figures.number(result.onTimePercent()) + " %",
                    Figures.duration(result.p99LateMillis() * 1e6),
                    Figures.number((double) result.failures()),
                    Figures.number(result.cpuPercent()) + " % of a core");
        }
        ManyResult most = results.results().get(results.results().size() - 1);
        int lasting = results.results().stream()
                .mapToInt(result -> lasting(result).size())
                .max()
                .orElse(0);
        int passing = results.results().stream()
                .mapToInt(result -> result.threads().size() - lasting(result).size())
                .max()
                .orElse(0);
        goals.row(
                        "at most 4 threads in all, at any time",
                        lasting + " (" + String.join(", ", lasting(most)) + "), and for an instant up to " + passing
                                + " that the JDK's HTTP client starts to hand over an answer, on one or two cores only",
                        Figures.met(lasting <= MOST_THREADS))
                .row(
                        "at most 12 KiB for each cache with two RSA keys",
                        kib(most.heapBytes()),
                        Figures.met(most.heapBytes() <= MOST_BYTES))
                .row(
                        "99 % of refreshes within 1 s of when they are due",
                        Figures.number(most.onTimePercent()) + " %",
                        Figures.met(most.onTimePercent() >= LEAST_ON_TIME));
        return new Section(table + "\n" + goals + "\n" + items(most), Map.of());
    }

    /** Those of the cache and of its HTTP client; what {@code CompletableFuture} starts for one task has a name of its own. */
    private static List<String> lasting(ManyResult result) {
        return result.threads().stream()
                .filter(name -> !name.matches("Thread-\\d+"))
                .toList();
    }

    /** Where the heap goes, by whose objects they are. */
    private static String items(ManyResult result) {
        Map<String, double[]> groups = new LinkedHashMap<>();
        for (ManyResult.Item item : result.items()) {
            double[] sums = groups.computeIfAbsent(group(item.className()), name -> new double[2]);
            sums[0] += item.objects();
            sums[1] += item.bytes();
        }
        Table table = new Table("heap of one cache", "objects", "bytes");
        groups.entrySet().stream()
                .sorted((one, other) -> Double.compare(other.getValue()[1], one.getValue()[1]))
                .filter(entry -> entry.getValue()[1] >= LEAST_SHOWN)
                .forEach(entry -> table.row(
                        entry.getKey(), Figures.number(entry.getValue()[0]), Figures.number(entry.getValue()[1])));
        return table.toString();
    }

    private static String group(String className) {
        if (className.startsWith("dev.jwkscache.bench")) {
            return "the benchmark's own listener";
        }
        if (className.startsWith("dev.jwkscache.")) {
            return "objects of jwks-cache";
        }
        if (className.startsWith("sun.security.")
                || className.equals("java.math.BigInteger")
                || className.equals("int[]")) {
            return "RSA keys: moduli and exponents (`BigInteger`, `int[]`, `RSAPublicKeyImpl`)";
        }
        if (className.startsWith("jdk.internal.net")
                || className.startsWith("sun.nio")
                || className.startsWith("java.nio")) {
            return "the HTTP client's idle connections";
        }
        if (className.equals("byte[]") || className.equals("java.lang.String")) {
            return "`byte[]` and `String`: encoded keys, kids, thumbprints, address, ETag, digest";
        }
        if (className.startsWith("java.util.concurrent.")) {
            return "futures, counters, timers (`java.util.concurrent`)";
        }
        if (className.startsWith("java.util.")
                || className.startsWith("[Ljava.util")
                || className.startsWith("[Ljava.lang.Object")) {
            return "lists and maps";
        }
        return className.startsWith("java.") ? "`" + className + "`" : "other";
    }

    private static String kib(double bytes) {
        return Figures.number(bytes / 1024) + " KiB";
    }
}
