package dev.jwkscache.sidecar;

import dev.jwkscache.sidecar.story.TerminalStory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
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
        return TerminalStory.play(length, plain, spec.commandLine().getOut(), environment);
    }
}
