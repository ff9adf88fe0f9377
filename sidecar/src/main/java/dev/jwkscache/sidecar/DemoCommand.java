package dev.jwkscache.sidecar;

import dev.jwkscache.sidecar.Promises.Promise;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code demo}: an identity provider in its worst minute, and callers who do not notice. */
@Command(
        name = "demo",
        description = "Plays an identity provider in its worst minute, and callers who do not notice.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:every promise held", "1:one did not", "2:wrong arguments"})
final class DemoCommand implements Callable<Integer> {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int INTERRUPTED = 130;

    @Option(
            names = "--seconds",
            paramLabel = "<seconds>",
            defaultValue = "60",
            converter = Spans.Converter.class,
            description = "Length of the story (${DEFAULT-VALUE}), from 1 to 3600.")
    @SuppressWarnings("NullAway.Init") // Has a default.
    private Duration length;

    @Option(
            names = "--plain",
            description = "Lines instead of a live picture; so by itself where there is no terminal.")
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
        if (length.compareTo(SHORTEST) < 0 || length.compareTo(LONGEST) > 0) {
            throw new ParameterException(spec.commandLine(), "--seconds must be from 1 to 3600");
        }
        PrintWriter out = spec.commandLine().getOut();
        Pace pace = Pace.forStoryOf(length);
        View view = plain || !Terminal.isInteractive(environment)
                ? new PlainView(out)
                : new TerminalView(out, !environment.containsKey("NO_COLOR"));
        view.open();
        EventLog log = new EventLog(view);
        List<ChapterResult> results;
        @Nullable String firstWrong;
        // Closed in reverse: the process ends when the terminal is as it was.
        try (Interruption interruption = Interruption.arm(view::close);
                view;
                Stage stage = new Stage(pace, log)) {
            results = play(stage, view, log, interruption.requested());
            // Before the stage, where a caller may have to wait for the end of a fetch.
            view.close();
            if (interruption.requested().getCount() == 0) {
                return INTERRUPTED;
            }
            firstWrong = stage.score().firstWrong();
        }
        List<Promise> promises = Promises.of(results, pace);
        Summary.lines(results, promises, firstWrong).forEach(out::println);
        boolean held = promises.stream().allMatch(Promise::kept) && firstWrong == null;
        return held ? ExitStatus.GOOD : ExitStatus.NOT_GOOD;
    }

    private static List<ChapterResult> play(Stage stage, View view, EventLog log, CountDownLatch end)
            throws InterruptedException {
        stage.start();
        log.begin();
        return new Play(stage, view, log, end).play();
    }
}
