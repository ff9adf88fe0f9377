package dev.jwkscache.sidecar;

import dev.jwkscache.sidecar.configuration.ServeOptions;
import java.io.FileDescriptor;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code jwks-cache}. */
@Command(
        name = Main.NAME,
        description = "Keeps the public keys (JWK Sets) of identity providers fresh, bounded and at hand.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Start with: jwks-cache demo"})
public final class Main implements Runnable {
    static final String NAME = "jwks-cache";

    private static final String LOG = "org.slf4j.simpleLogger.";

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli before run.
    private CommandSpec spec;

    private Main() {}

    /**
     * Runs a command and ends the process with its exit status.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        PrintWriter out = Terminal.writer(FileDescriptor.out);
        PrintWriter err = Terminal.writer(FileDescriptor.err);
        // The other commands tell events themselves; a log between would tear the screen.
        defaultsOfLog(List.of(arguments).contains("serve") ? "info" : "off");
        int status;
        try {
            status = commandLine(System.getenv(), out, err).execute(arguments);
        } catch (Throwable unforeseen) {
            status = OneLineErrors.unforeseen(unforeseen, err);
        }
        out.flush();
        err.flush();
        System.exit(status);
    }

    /** What of the log nobody has set by a property of the JVM. */
    private static void defaultsOfLog(String level) {
        Map.of(
                        "defaultLogLevel", level,
                        "showDateTime", "true",
                        "dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
                        "showThreadName", "false")
                .forEach((name, value) -> {
                    if (System.getProperty(LOG + name) == null) {
                        System.setProperty(LOG + name, value);
                    }
                });
    }

    /** All commands, with the variables that are defaults of their options. */
    static CommandLine commandLine(Map<String, String> environment, PrintWriter out, PrintWriter err) {
        OneLineErrors errors = new OneLineErrors();
        return new CommandLine(new Main())
                .addSubcommand(new DemoCommand(environment))
                .addSubcommand(serve(environment))
                .addSubcommand(new WatchCommand(environment))
                .addSubcommand(new InspectCommand())
                .addSubcommand(new HistoryCommand(environment, Clock.system(ZoneId.systemDefault())))
                .setOut(out)
                .setErr(err)
                .setUsageHelpWidth(Terminal.WIDTH)
                .setParameterExceptionHandler(errors)
                .setExecutionExceptionHandler(errors);
    }

    private static CommandLine serve(Map<String, String> environment) {
        CommandLine serve = new CommandLine(new ServeCommand(environment));
        ServeOptions.addTo(serve.getCommandSpec());
        return serve;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command: demo, serve, watch, inspect or history");
    }

    /** The version of the jar, and of the Java that runs it. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {
                NAME + " " + (version == null ? "(not packaged)" : version) + ", Java "
                        + System.getProperty("java.version")
            };
        }
    }
}
