package dev.jwkscache.bench.start;

import dev.jwkscache.bench.report.Child;
import dev.jwkscache.bench.report.Figures;
import dev.jwkscache.bench.report.Part;
import dev.jwkscache.bench.report.Section;
import dev.jwkscache.bench.report.Table;
import dev.jwkscache.testkit.ScriptedProvider;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** From {@code main} to the first key, in a new process each time. */
public final class StartPart implements Part<StartResult> {
    private static final String ALG = "RS256";
    private static final double MOST_NANOS = 250e6;
    private static final Map<String, List<String>> VARIANTS = Map.of(
            "the JDK as it comes", List.of(),
            "`-XX:TieredStopAtLevel=1`", List.of("-XX:TieredStopAtLevel=1"),
            "`-Xshare:off`", List.of("-Xshare:off"));

    @Override
    public String name() {
        return "start";
    }

    @Override
    public Class<StartResult> resultType() {
        return StartResult.class;
    }

    @Override
    public StartResult measure(boolean brief) throws IOException, InterruptedException {
        List<StartResult.Variant> variants = new ArrayList<>();
        try (ScriptedProvider provider = ScriptedProvider.start(ALG)) {
            provider.addKey(ALG);
            String kid = Objects.requireNonNull(provider.current(ALG).kid());
            VARIANTS.forEach((name, options) ->
                    variants.add(new StartResult.Variant(name, new ArrayList<>(), new ArrayList<>())));
            for (int round = 0; round < (brief ? 1 : 21); round++) {
                for (StartResult.Variant variant : variants) {
                    List<String> options = Objects.requireNonNull(VARIANTS.get(variant.name()));
                    variant.nanos().add(firstKey(FirstKey.class, options, provider.jwksUri(), kid));
                    variant.httpNanos().add(firstKey(PlainFetch.class, options, provider.jwksUri(), kid));
                }
            }
        }
        return new StartResult(variants);
    }

    private static double firstKey(Class<?> main, List<String> options, URI jwksUri, String kid)
            throws IOException, InterruptedException {
        return Double.parseDouble(Child.run(main, options, List.of(), jwksUri.toString(), kid, ALG));
    }

    @Override
    public Section section(StartResult result) {
        Table table =
                new Table("from `main` to the first key", "median", "quickest", "slowest", "the fetch alone, median");
        Table goals = new Table("goal", "measured", "");
        for (StartResult.Variant variant : result.variants()) {
            double median = Figures.median(variant.nanos());
            table.row(
                    variant.name(),
                    Figures.duration(median),
                    Figures.duration(
                            variant.nanos().stream().mapToDouble(d -> d).min().orElseThrow()),
                    Figures.duration(
                            variant.nanos().stream().mapToDouble(d -> d).max().orElseThrow()),
                    Figures.duration(Figures.median(variant.httpNanos())));
            if (!variant.name().contains("Tiered")) {
                goals.row(
                        "at most 250 ms, " + variant.name(),
                        Figures.duration(median),
                        Figures.met(median <= MOST_NANOS));
            }
        }
        return new Section(table + "\n" + goals, Map.of());
    }
}
