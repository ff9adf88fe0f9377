package dev.jwkscache.bench;

import dev.jwkscache.bench.forged.ForgedPart;
import dev.jwkscache.bench.lookup.LookupPart;
import dev.jwkscache.bench.many.ManyPart;
import dev.jwkscache.bench.report.Page;
import dev.jwkscache.bench.report.Part;
import dev.jwkscache.bench.report.Results;
import dev.jwkscache.bench.sidecar.SidecarPart;
import dev.jwkscache.bench.start.StartPart;
import dev.jwkscache.bench.token.TokenPart;
import dev.jwkscache.bench.trouble.TroublePart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Measures what it is told to, and writes the page. */
public final class Main {
    static final List<Part<?>> PARTS = List.of(
            new LookupPart(),
            new TokenPart(),
            new ForgedPart(),
            new TroublePart(),
            new ManyPart(),
            new StartPart(),
            new SidecarPart());
    private static final String PAGE = "page";
    private static final String BRIEF = "--brief";

    private Main() {}

    /**
     * Runs. Exit status 0: measured and written. 1: something failed. 2: bad arguments.
     *
     * @param arguments the root of the checkout; then parts, all of them if none is named, {@code page} to write the page
     *     anew from what was measured before, {@code --brief} to see that everything runs without touching the page
     */
    public static void main(String[] arguments) {
        List<String> wanted = new ArrayList<>(Arrays.asList(arguments).subList(1, arguments.length));
        boolean brief = wanted.remove(BRIEF);
        String names = PARTS.stream().map(Part::name).collect(Collectors.joining(", "));
        for (String name : wanted) {
            if (!name.equals(PAGE)
                    && PARTS.stream().noneMatch(part -> part.name().equals(name))) {
                System.err.println("bench: there is no part " + name + "; the parts are " + names
                        + " and page, the option " + BRIEF);
                System.exit(2);
            }
        }
        Path root = Path.of(arguments[0]);
        Results results = new Results(brief ? root.resolve("bench/target/brief") : root.resolve("bench/results"));
        try {
            for (Part<?> part : PARTS) {
                if (wanted.isEmpty() || wanted.contains(part.name())) {
                    System.out.println("== " + part.name());
                    System.out.println(
                            part.missing().isPresent()
                                    ? "left out: " + part.missing().get()
                                    : measured(part, brief, results));
                }
                if (!brief) {
                    new Page(root.resolve("docs/benchmarks.md")).update(part, results);
                }
            }
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
        // Peers leave threads behind that are no daemons.
        System.exit(0);
    }

    private static <R> String measured(Part<R> part, boolean brief, Results results) throws Exception {
        R result = part.measure(brief);
        results.write(part, result);
        return part.section(result).markdown();
    }
}
