package dev.jwkscache.sidecar;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Runs the command line in this process, as {@link Main} does. */
public final class Cli {
    private Cli() {}

    /** What a run left. */
    public record Run(int status, String out, String err) {
        public List<String> lines() {
            return out.lines().toList();
        }
    }

    public static Run run(String... arguments) {
        return run(Map.of(), arguments);
    }

    public static Run run(Map<String, String> environment, String... arguments) {
        return runUntil(out -> false, environment, arguments);
    }

    /** Runs until the output is as wanted: then its reader goes away, as {@code | head} does. */
    public static Run runUntil(Predicate<String> seen, Map<String, String> environment, String... arguments) {
        Reader out = new Reader(seen);
        StringWriter err = new StringWriter();
        int status = Main.commandLine(environment, new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(arguments);
        return new Run(status, out.text(), err.toString());
    }

    private static final class Reader extends Writer {
        private final Predicate<String> seen;
        private final StringBuilder text = new StringBuilder();

        Reader(Predicate<String> seen) {
            this.seen = seen;
        }

        synchronized String text() {
            return text.toString();
        }

        @Override
        public synchronized void write(char[] buffer, int offset, int length) {
            text.append(buffer, offset, length);
        }

        @Override
        public synchronized void flush() throws IOException {
            if (seen.test(text.toString())) {
                throw new IOException("the reader has gone");
            }
        }

        @Override
        public void close() {}
    }
}
