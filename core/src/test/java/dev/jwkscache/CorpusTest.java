package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.DocumentFolder.Verdict;
import dev.jwkscache.ResourceTable.Row;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every entry of every real key set in the folder that the system property {@code jwks-cache.documents} names: usable
 * entries are used, unusable ones are skipped with their reason, and on those where verifiers differ with good reason
 * {@code decisions.tsv} decides.
 */
@EnabledIfSystemProperty(named = DocumentFolder.PROPERTY, matches = ".*\\S.*")
class CorpusTest {
    private static final ResourceTable DECISIONS = ResourceTable.ofResource("decisions.tsv");

    /** What the reason of an unusable or weak entry is here. */
    private static final Map<Pattern, SkipReason> REASONS = Map.ofEntries(
            Map.entry(Pattern.compile("symmetric"), SkipReason.SYMMETRIC),
            Map.entry(Pattern.compile("use=enc"), SkipReason.NOT_FOR_SIGNATURES),
            Map.entry(Pattern.compile("key_ops .* without verify"), SkipReason.NOT_FOR_SIGNATURES),
            Map.entry(Pattern.compile("X25519 is for key agreement"), SkipReason.NOT_FOR_SIGNATURES),
            Map.entry(Pattern.compile("member \\w+ missing"), SkipReason.MALFORMED_MEMBER),
            Map.entry(Pattern.compile("member \\w+ malformed: .*"), SkipReason.MALFORMED_MEMBER),
            Map.entry(Pattern.compile("point is not on P-\\d+"), SkipReason.MALFORMED_MEMBER),
            Map.entry(Pattern.compile("unknown kty .*"), SkipReason.UNKNOWN_KEY_TYPE),
            Map.entry(Pattern.compile("unsupported curve .*"), SkipReason.UNSUPPORTED_PARAMETERS),
            Map.entry(Pattern.compile("RSA modulus of \\d+ bits"), SkipReason.WEAK),
            Map.entry(Pattern.compile("RSA exponent is 1"), SkipReason.WEAK));

    /** A key that is certainly good, so that an entry beside it shows its own reason. */
    private static final String GOOD = KeyChoiceTest.ecKey("the good key of this test");

    private static DocumentFolder folder;
    private static int entries;
    private static int used;
    private static final Map<SkipReason, Integer> SKIPPED = new EnumMap<>(SkipReason.class);

    @BeforeAll
    static void open() {
        folder = DocumentFolder.named();
    }

    static Stream<String> files() {
        return folder.verdicts().keySet().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void everyEntryIsTreatedAsItsVerdictSays(String file) throws Exception {
        List<Verdict> verdicts = folder.verdicts().get(file);
        byte[] document = folder.document(file);
        List<String> texts = RawDocument.entries(document);
        assertThat(texts == null ? List.of() : texts)
                .as("entries that have a verdict")
                .hasSameSizeAs(verdicts);
        ExpectedSet whole = new ExpectedSet(document);
        for (Verdict verdict : verdicts) {
            SkipReason reason = expected(verdict, RawKey.of(texts.get(verdict.entry())));
            ExpectedSet alone = new ExpectedSet(RawDocument.of(GOOD, texts.get(verdict.entry()))).use();
            try {
                (reason == null ? alone.use() : alone.skip(reason)).verify();
            } catch (AssertionError e) {
                throw new AssertionError(verdict + ", expected " + (reason == null ? "used" : reason), e);
            }
            if (reason == null) {
                whole.use();
                used++;
            } else {
                whole.skip(reason);
                SKIPPED.merge(reason, 1, Integer::sum);
            }
            entries++;
        }
        whole.verify();
    }

    @Test
    void everyDecisionDecidesSomethingAndNoneIsMissingOrDouble() {
        Set<Row> needed = new LinkedHashSet<>();
        List<Verdict> undecided = new ArrayList<>();
        for (List<Verdict> verdicts : folder.verdicts().values()) {
            for (Verdict verdict : verdicts) {
                List<Row> rows = decisions(verdict);
                needed.addAll(rows);
                if (rows.size() > 1 || (rows.isEmpty() && verdict.verdict().equals("debatable"))) {
                    undecided.add(verdict);
                }
            }
        }
        assertThat(undecided).as("entries without exactly one decision").isEmpty();
        assertThat(needed).as("decisions that decide something").containsExactlyInAnyOrderElementsOf(DECISIONS.rows());
    }

    @AfterAll
    static void summary() {
        if (folder == null) {
            return;
        }
        System.out.println("real documents: " + folder.verdicts().size() + " files, " + entries + " entries, " + used
                + " used, " + SKIPPED.values().stream().mapToInt(n -> n).sum() + " skipped " + SKIPPED);
    }

    /** The reason why the entry must be skipped; null where it must be used. */
    private static SkipReason expected(Verdict verdict, RawKey key) {
        SkipReason reason = decided(verdict);
        boolean mlDsa = "AKP".equals(key.string("kty"));
        return reason == null && mlDsa && Runtime.version().feature() < 24 ? SkipReason.UNSUPPORTED_BY_JDK : reason;
    }

    private static SkipReason decided(Verdict verdict) {
        List<Row> decisions = decisions(verdict);
        if (!decisions.isEmpty()) {
            assertThat(decisions).as("decisions on %s", verdict).hasSize(1);
            String decision = decisions.get(0).get("decision");
            return decision.equals("used") ? null : SkipReason.valueOf(decision);
        }
        return switch (verdict.verdict()) {
            case "usable" -> null;
            case "weak", "unusable" -> reason(verdict);
            default -> throw new AssertionError("decisions.tsv says nothing of " + verdict);
        };
    }

    private static SkipReason reason(Verdict verdict) {
        List<SkipReason> reasons = REASONS.entrySet().stream()
                .filter(reason -> reason.getKey().matcher(verdict.reason()).matches())
                .map(Map.Entry::getValue)
                .toList();
        assertThat(reasons).as("what the reason of %s is called here", verdict).hasSize(1);
        return reasons.get(0);
    }

    private static List<Row> decisions(Verdict verdict) {
        return DECISIONS.rows().stream()
                .filter(row -> row.get("verdict").equals(verdict.verdict()))
                .filter(row -> row.matches("reason", verdict.reason()))
                .filter(row -> row.matches("where", verdict.file() + "#" + verdict.entry()))
                .toList();
    }
}
