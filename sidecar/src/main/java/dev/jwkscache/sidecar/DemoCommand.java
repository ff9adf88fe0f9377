package dev.jwkscache.sidecar;

import dev.jwkscache.sidecar.demo.Browser;
import dev.jwkscache.sidecar.demo.BrowserDemo;
import dev.jwkscache.sidecar.process.Signals;
import dev.jwkscache.sidecar.story.TerminalStory;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code demo}: an identity provider in the hand of visitors, or in its worst minute, and callers who do not notice. */
@Command(
        name = "demo",
        description =
                "Shows a page where you let an identity provider rotate, slow down and fail, and callers who do not"
                        + " notice; until Ctrl-C.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:every promise held", "1:one did not", "2:wrong arguments, or no port can be had"})
final class DemoCommand implements Callable<Integer> {
    private static final Duration USUAL = Duration.ofMinutes(1);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    @Option(
            names = "--no-browser",
            description = "Do not open the page in a browser; so by itself where there is no screen.")
    private boolean browserless;

    @Option(names = "--terminal", description = "A story of a minute in the terminal instead.")
    private boolean terminal;

    @Option(
            names = "--seconds",
            paramLabel = "<seconds>",
            converter = Spans.Converter.class,
            description = "Length of that story (60), from 1 to 3600; implies --terminal.")
    private @Nullable Duration length;

    @Option(
            names = "--plain",
            description = "That story in lines instead of a live picture, as where there is no terminal; implies"
                    + " --terminal.")
    private boolean plain;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli before call.
    private CommandSpec spec;

    private final Map<String, String> environment;

    DemoCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (length != null && (length.compareTo(SHORTEST) < 0 || length.compareTo(LONGEST) > 0)) {
            throw new ParameterException(spec.commandLine(), "--seconds must be from 1 to 3600");
        }
        PrintWriter out = spec.commandLine().getOut();
        boolean story = terminal || plain || length != null;
        if (story && browserless) {
            throw new ParameterException(spec.commandLine(), "--no-browser does not go with the story in the terminal");
        }
        return story ? TerminalStory.play(length == null ? USUAL : length, plain, out, environment) : inTheBrowser(out);
    }

    private int inTheBrowser(PrintWriter out) throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        Signals.on("INT", end::countDown);
        Signals.on("TERM", end::countDown);
        boolean clean;
        try (BrowserDemo demo = BrowserDemo.start(true)) {
            out.println(Main.NAME + ": the demo is at " + demo.page() + " (the sidecar serves the keys at "
                    + demo.keySet() + "); Ctrl-C ends it");
            out.flush();
            if (!browserless) {
                Browser.open(demo.page(), environment);
            }
            end.await();
            out.println(Main.NAME + ": " + demo.summary());
            clean = demo.isClean();
        } catch (IOException taken) {
            throw new CommandFailure(String.valueOf(taken.getMessage()));
        }
        return clean ? ExitStatus.GOOD : ExitStatus.NOT_GOOD;
    }
}
