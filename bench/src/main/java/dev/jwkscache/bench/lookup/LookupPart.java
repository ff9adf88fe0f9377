package dev.jwkscache.bench.lookup;

import dev.jwkscache.bench.jmh.Rounds;
import dev.jwkscache.bench.jmh.Score;
import dev.jwkscache.bench.jmh.Scores;
import dev.jwkscache.bench.report.BarChart;
import dev.jwkscache.bench.report.Figures;
import dev.jwkscache.bench.report.Part;
import dev.jwkscache.bench.report.Section;
import dev.jwkscache.bench.report.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.runner.RunnerException;

/** From kid and algorithm to a public key, 1 and 2 threads, sets of 2, 16 and 200 keys. */
public final class LookupPart implements Part<Scores> {
    private static final List<String> SIZES = List.of("2", "16", "200");
    private static final int[] THREADS = {1, 2};
    private static final String LIMIT = "limit";
    private static final String OURS = "jwksCache";
    private static final String JOSE4J = "jose4j";
    private static final String JWKS_RSA = "jwksRsa";
    private static final String NIMBUS = "nimbus";
    private static final double MOST_TIMES_THE_LIMIT = 1.3;

    private static final Map<String, String> NAMES = new LinkedHashMap<>();

    static {
        NAMES.put(LIMIT, "the limit");
        NAMES.put(OURS, "**jwks-cache**");
        NAMES.put("jose4jTokenAtHand", "jose4j, from a parsed token");
        NAMES.put(JOSE4J, "jose4j");
        NAMES.put(JWKS_RSA, "auth0 jwks-rsa");
        NAMES.put(NIMBUS, "Nimbus, Spring Security");
        NAMES.put("nimbusOutageTolerant", "Nimbus, outage-tolerant");
    }

    @Override
    public String name() {
        return "lookup";
    }

    @Override
    public Class<Scores> resultType() {
        return Scores.class;
    }

    @Override
    public Scores measure(boolean brief) throws RunnerException {
        Rounds rounds = new Rounds(LookupBenchmark.class, List.copyOf(NAMES.keySet()), 3, 3, 300);
        return (brief ? rounds.brief() : rounds).run(Map.of("keys", brief ? List.of("2", "200") : SIZES), THREADS);
    }

    @Override
    public Section section(Scores scores) {
        Table table = new Table("1 thread", "2 keys", "16 keys", "200 keys", "bytes allocated");
        Table twoThreads = new Table("2 threads", "2 keys", "16 keys", "200 keys", "bytes allocated");
        BarChart chart = new BarChart("One lookup in a set of 16 keys, one thread (logarithmic)", Figures::duration);
        NAMES.forEach((benchmark, name) -> {
            table.row(row(scores, benchmark, name, 1));
            twoThreads.row(row(scores, benchmark, name, 2));
            scores.find(benchmark, 1, Map.of("keys", "16"))
                    .ifPresent(score -> chart.bar(name.replace("*", ""), score.median(), benchmark.equals(OURS)));
        });
        return new Section(
                table + "\n" + twoThreads + "\n![lookups](benchmarks/lookup.svg)\n\n" + goals(scores),
                Map.of("lookup.svg", chart.svg()));
    }

    private static String[] row(Scores scores, String benchmark, String name, int threads) {
        String[] cells = new String[SIZES.size() + 2];
        cells[0] = name;
        String bytes = "–";
        for (int i = 0; i < SIZES.size(); i++) {
            Map<String, String> size = Map.of("keys", SIZES.get(i));
            var score = scores.find(benchmark, threads, size);
            var limit = scores.find(LIMIT, threads, size);
            cells[i + 1] = score.isEmpty() || limit.isEmpty()
                    ? "–"
                    : Figures.duration(score.get().median()) + ", "
                            + Figures.ratio(score.get().ratioTo(limit.get()));
            bytes = score.map(found -> Figures.number(Math.floor(found.allocatedBytes())))
                    .orElse(bytes);
        }
        cells[SIZES.size() + 1] = bytes;
        return cells;
    }

    private static String goals(Scores scores) {
        double limit = 0;
        double allocated = 0;
        for (int threads : THREADS) {
            for (String size : SIZES) {
                var ours = scores.find(OURS, threads, Map.of("keys", size));
                var least = scores.find(LIMIT, threads, Map.of("keys", size));
                if (ours.isPresent() && least.isPresent()) {
                    limit = Math.max(limit, ours.get().ratioTo(least.get()));
                    allocated = Math.max(allocated, ours.get().allocatedBytes());
                }
            }
        }
        Table goals = new Table("goal", "measured", "")
                .row(
                        "at most 1.3 × the limit, in each of the six cases",
                        "at most " + Figures.ratio(limit),
                        Figures.met(limit <= MOST_TIMES_THE_LIMIT))
                .row("0 bytes allocated", Figures.number(Math.floor(allocated)) + " bytes", Figures.met(allocated < 1));
        double flat = ours(scores, "200").ratioTo(ours(scores, "2"))
                / scores.get(LIMIT, 1, Map.of("keys", "200")).ratioTo(scores.get(LIMIT, 1, Map.of("keys", "2")));
        goals.row(
                "flat in the size of the set: 200 keys against 2, the limit's own growth taken out",
                Figures.ratio(flat),
                Figures.met(flat <= 1.1));
        faster(goals, scores, JOSE4J, 4);
        faster(goals, scores, JWKS_RSA, 25);
        faster(goals, scores, NIMBUS, 80);
        return goals.toString();
    }

    private static void faster(Table goals, Scores scores, String peer, int wanted) {
        double least = Double.MAX_VALUE;
        for (String size : SIZES) {
            var theirs = scores.find(peer, 1, Map.of("keys", size));
            if (theirs.isPresent()) {
                least = Math.min(least, theirs.get().ratioTo(ours(scores, size)));
            }
        }
        goals.row(
                "at least " + wanted + " × faster than " + NAMES.get(peer) + ", one thread, every size",
                "at least " + Figures.ratio(least),
                Figures.met(least >= wanted));
    }

    private static Score ours(Scores scores, String size) {
        return scores.get(OURS, 1, Map.of("keys", size));
    }
}
