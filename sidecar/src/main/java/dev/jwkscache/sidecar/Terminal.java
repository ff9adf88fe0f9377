package dev.jwkscache.sidecar;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.util.Map;

/** What standard output can do. */
public final class Terminal {
    /** Columns that everybody has. */
    public static final int WIDTH = 80;

    private Terminal() {}

    /** A writer in the terminal's own encoding; what that lacks is replaced by ASCII that looks alike. */
    static PrintWriter writer(FileDescriptor descriptor) {
        Charset charset = charset();
        Writer encoded = new OutputStreamWriter(new FileOutputStream(descriptor), charset);
        boolean all = charset.newEncoder().canEncode(AsciiWriter.REPLACED);
        return new PrintWriter(all ? encoded : new AsciiWriter(encoded), true);
    }

    /** Whether a person looks at standard output, on a terminal that can be drawn on. */
    @SuppressWarnings("SystemConsoleNull") // Both kinds of answer are looked at.
    public static boolean isInteractive(Map<String, String> environment) {
        Console console = System.console();
        return console != null
                && isTerminal(console)
                && !environment.getOrDefault("TERM", "dumb").equals("dumb");
    }

    /** Since Java 22 there is a console without a terminal, and a method that tells. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException before22) {
            return true;
        }
    }

    private static Charset charset() {
        String name = System.getProperty("stdout.encoding", System.getProperty("native.encoding"));
        try {
            return name == null ? Charset.defaultCharset() : Charset.forName(name);
        } catch (IllegalArgumentException unknown) {
            return Charset.defaultCharset();
        }
    }
}
