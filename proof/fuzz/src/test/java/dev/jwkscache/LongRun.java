package dev.jwkscache;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Fuzzes one target after the other, each in a JVM of its own, and writes down what that took. */
final class LongRun {
    /** Every target, with the longest input it is given: what its longest seed needs, and not much more. */
    private static final List<Target> TARGETS = List.of(
            new Target("SafeTextFuzzTest", 200),
            new Target("RedirectFuzzTest", 256),
            new Target("AddressFuzzTest", 256),
            new Target("EnvironmentFuzzTest", 256),
            new Target("CacheHintsFuzzTest", 512),
            new Target("ContentDecodingFuzzTest", 1024),
            new Target("AnswerFuzzTest", 1024),
            new Target("ExchangeFuzzTest", 2560),
            new Target("SnapshotFuzzTest", 512),
            new Target("sidecar.FileNameFuzzTest", 256),
            Target.ofJson("DiscoveryFuzzTest", 256),
            Target.ofJson("MetadataFuzzTest", 256),
            Target.ofJson("DocumentFuzzTest", 4096),
            Target.ofJson("BuiltSetFuzzTest", 512));

    private static final String WATCHED = "dev.jwkscache.**:com.nimbusds.jose.util.**:com.nimbusds.jose.shaded.gson.**";
    /** What checks is not what is checked. */
    private static final String UNWATCHED = List.of(
                    "Held", "KeyProperties", "MadeUpKeys", "HeaderLines", "ScriptedClient", "BuiltSetFuzzTest$Built")
            .stream()
            .map(name -> "dev.jwkscache." + name)
            .collect(Collectors.joining(":"));

    private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in (\\d+) second");

    private final Path directory;
    private final Path seeds;
    private final long executions;

    private LongRun(Path directory, Path seeds, long executions) {
        this.directory = directory;
        this.seeds = seeds;
        this.executions = executions;
    }

    /**
     * Runs the targets.
     *
     * @param arguments where to work, where the seeds are, how many executions each, then the targets; without them all
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        LongRun run = new LongRun(Path.of(arguments[0]), Path.of(arguments[1]), Long.parseLong(arguments[2]));
        List<String> wanted =
                Arrays.stream(arguments).skip(3).filter(name -> !name.isBlank()).toList();
        Files.createDirectories(run.directory);
        run.note("| target | executions | seconds | a second | result |");
        run.note("|---|--:|--:|--:|---|");
        boolean clean = true;
        for (Target target : TARGETS) {
            if (wanted.isEmpty() || wanted.contains(target.name())) {
                clean &= run.fuzz(target);
            }
        }
        System.exit(clean ? 0 : 1);
    }

    private boolean fuzz(Target target) throws IOException, InterruptedException {
        Path log = directory.resolve(target.name() + ".log");
        Path corpus = Files.createDirectories(directory.resolve("corpus").resolve(target.name()));
        Path findings = Files.createDirectories(directory.resolve("findings"));
        Process fuzzer = new ProcessBuilder(command(target, corpus.toAbsolutePath(), findings.toAbsolutePath()))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(fuzzer::destroy));
        int status = fuzzer.waitFor();
        long runs = 0;
        long seconds = 0;
        Matcher done = DONE.matcher(Files.readString(log, StandardCharsets.ISO_8859_1));
        while (done.find()) {
            runs = Long.parseLong(done.group(1));
            seconds = Long.parseLong(done.group(2));
        }
        boolean clean = status == 0 && runs >= executions;
        note(String.format(
                Locale.ROOT,
                "| %s | %,d | %d | %,d | %s |",
                target.name(),
                runs,
                seconds,
                runs / Math.max(seconds, 1),
                clean ? "no finding" : "**failed**, see " + log));
        return clean;
    }

    private List<String> command(Target target, Path corpus, Path findings) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                // Exceptions are part of the game, and each would walk the whole stack of the fuzzer and of JUnit.
                "-XX:MaxJavaStackTraceDepth=16",
                "-Djwkscache.fuzz.one=true",
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=dev.jwkscache." + target.name(),
                "--instrumentation_includes=" + WATCHED,
                "--custom_hook_includes=" + WATCHED,
                "--instrumentation_excludes=" + UNWATCHED + ":dev.jwkscache." + target.name(),
                "--custom_hook_excludes=" + UNWATCHED + ":dev.jwkscache." + target.name(),
                "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.FilePathTraversal",
                // A fuzz test would end after five minutes by itself.
                "--max_duration=48h",
                "-runs=" + executions,
                "-max_len=" + target.longest(),
                "-timeout=30",
                "-artifact_prefix=" + findings + File.separator,
                corpus.toString()));
        if (target.json()) {
            // A JSON reader compares every character, and to trace that costs half the time.
            command.add("--trace=cov");
        }
        Path own = seeds.resolve("dev/jwkscache/" + target.name().replace('.', '/') + "Inputs");
        if (Files.isDirectory(own)) {
            command.add(own.toAbsolutePath().toString());
        }
        return command;
    }

    private void note(String line) throws IOException {
        System.out.println(line);
        Files.writeString(
                directory.resolve("figures.md"), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** A target, its longest input, and whether it spends its time in the JSON reader. */
    private record Target(String name, int longest, boolean json) {
        Target(String name, int longest) {
            this(name, longest, false);
        }

        static Target ofJson(String name, int longest) {
            return new Target(name, longest, true);
        }
    }
}
