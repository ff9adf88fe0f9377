package dev.jwkscache.bench.trouble;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The trouble runs from the command line: a row for each outcome, and all of it as JSON in a file. */
public final class TroubleMain {
    private static final String USAGE =
            "usage: [--seconds N] [--subject PART-OF-NAME] [--scenario PART-OF-NAME] [FILE]";

    private TroubleMain() {}

    /**
     * Measures everything in about nine minutes.
     *
     * <p>{@code --seconds} is the length of each scenario (7); {@code --subject} and {@code --scenario} keep those whose
     * name contains the text; the result goes to the file as JSON, see {@link TroubleResult}. Exit status 0: measured. 2:
     * bad arguments.
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        int status = run(args, out, new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        // Peers leave threads behind that are no daemons.
        System.exit(status);
    }

    static int run(String[] args, PrintWriter out, PrintWriter err) throws IOException, InterruptedException {
        Duration length = Scenarios.LENGTH;
        String subject = "";
        String scenario = "";
        Path file = null;
        for (int i = 0; i < args.length; i++) {
            boolean hasValue = i + 1 < args.length;
            if (args[i].equals("--seconds") && hasValue && args[i + 1].matches("[1-9][0-9]{0,2}")) {
                length = Duration.ofSeconds(Long.parseLong(args[++i]));
            } else if (args[i].equals("--subject") && hasValue) {
                subject = args[++i];
            } else if (args[i].equals("--scenario") && hasValue) {
                scenario = args[++i];
            } else if (!args[i].startsWith("-") && file == null) {
                file = Path.of(args[i]);
            } else {
                err.println("trouble: cannot read " + args[i] + "; " + USAGE);
                return 2;
            }
        }
        out.println(TroubleTable.HEADING);
        TroubleResult result =
                TroubleRun.measure(length, subject, scenario, outcome -> out.println(TroubleTable.row(outcome)));
        result.notes().forEach(out::println);
        if (file != null) {
            Files.writeString(file, new Gson().toJson(result));
        }
        return 0;
    }
}
