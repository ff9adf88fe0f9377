package dev.jwkscache.bench.token;

import dev.jwkscache.bench.jmh.Rounds;
import dev.jwkscache.bench.jmh.Score;
import dev.jwkscache.bench.jmh.Scores;
import dev.jwkscache.bench.report.Figures;
import dev.jwkscache.bench.report.Part;
import dev.jwkscache.bench.report.Section;
import dev.jwkscache.bench.report.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.openjdk.jmh.runner.RunnerException;

/** A whole token, from its text to verified claims. */
public final class TokenPart implements Part<Scores> {
    private static final List<String> ALGORITHMS = List.of("RS256", "ES256", "EdDSA");
    private static final String LIMIT = "limit";
    private static final String OURS_NIMBUS = "jwksCacheUnderNimbus";
    private static final double MOST_TIMES_THE_LIMIT = 1.5;
    /** Two runs of the very same code differ by as much here. */
    private static final double NOISE = 1.03;

    private static final Map<String, String> NAMES = new LinkedHashMap<>();
    /** What keeps the keys in each library, and what takes its place. */
    private static final Map<String, String> REPLACED = new LinkedHashMap<>();

    static {
        NAMES.put(LIMIT, "the limit: `java.security.Signature` alone");
        NAMES.put(OURS_NIMBUS, "**jwks-cache** under Nimbus");
        NAMES.put("nimbus", "Nimbus");
        NAMES.put("spring", "Spring Security");
        NAMES.put("jwksCacheUnderJose4j", "**jwks-cache** under jose4j");
        NAMES.put("jose4j", "jose4j");
        NAMES.put("jwksCacheUnderJavaJwt", "**jwks-cache** under java-jwt");
        NAMES.put("jwksRsaAndJavaJwt", "jwks-rsa and java-jwt");
        REPLACED.put("nimbus", OURS_NIMBUS);
        REPLACED.put("spring", OURS_NIMBUS);
        REPLACED.put("jose4j", "jwksCacheUnderJose4j");
        REPLACED.put("jwksRsaAndJavaJwt", "jwksCacheUnderJavaJwt");
    }

    @Override
    public String name() {
        return "token";
    }

    @Override
    public Class<Scores> resultType() {
        return Scores.class;
    }

    @Override
    public Scores measure(boolean brief) throws RunnerException {
        // A signature takes up to a millisecond: shorter iterations would end before the JDK's own code is compiled.
        Rounds rounds = new Rounds(TokenBenchmark.class, List.copyOf(NAMES.keySet()), 3, 3, 800);
        return (brief ? rounds.brief() : rounds).run(Map.of("alg", ALGORITHMS), 1);
    }

    @Override
    public Section section(Scores scores) {
        Table table = new Table("", "RS256", "ES256", "EdDSA");
        NAMES.forEach((benchmark, name) -> {
            String[] cells = new String[ALGORITHMS.size() + 1];
            cells[0] = name;
            for (int i = 0; i < ALGORITHMS.size(); i++) {
                Optional<Score> score = find(scores, benchmark, ALGORITHMS.get(i));
                cells[i + 1] = score.map(found -> Figures.duration(found.median()) + ", "
                                + Figures.ratio(found.ratioTo(limit(scores, found))))
                        .orElse("cannot");
            }
            table.row(cells);
        });
        return new Section(table + "\n" + goals(scores), Map.of());
    }

    private static String goals(Scores scores) {
        Score ours = find(scores, OURS_NIMBUS, "RS256").orElseThrow();
        double overhead = ours.ratioTo(limit(scores, ours));
        Table goals = new Table("goal", "measured", "")
                .row(
                        "RS256 through Nimbus's processor: at most 1.5 × the limit",
                        Figures.ratio(overhead),
                        Figures.met(overhead <= MOST_TIMES_THE_LIMIT));
        for (String alg : ALGORITHMS) {
            Score fastest = null;
            for (String peer : REPLACED.keySet()) {
                Optional<Score> score = find(scores, peer, alg);
                if (score.isPresent() && (fastest == null || score.get().median() < fastest.median())) {
                    fastest = score.get();
                }
            }
            if (fastest == null) {
                continue;
            }
            String name = String.valueOf(NAMES.get(fastest.benchmark()));
            double throughNimbus = find(scores, OURS_NIMBUS, alg).orElseThrow().ratioTo(fastest);
            goals.row(
                    alg + " through Nimbus's processor: not slower than the fastest peer, " + name,
                    Figures.ratio(throughNimbus),
                    Figures.met(throughNimbus <= NOISE));
            double replaced = find(scores, Objects.requireNonNull(REPLACED.get(fastest.benchmark())), alg)
                    .orElseThrow()
                    .ratioTo(fastest);
            goals.row(
                    alg + " in the place of that peer's own keys: not slower than it",
                    Figures.ratio(replaced),
                    Figures.met(replaced <= NOISE));
        }
        return goals.toString();
    }

    private static Optional<Score> find(Scores scores, String benchmark, String alg) {
        return scores.find(benchmark, 1, Map.of("alg", alg));
    }

    private static Score limit(Scores scores, Score score) {
        return scores.get(LIMIT, 1, score.parameters());
    }
}
