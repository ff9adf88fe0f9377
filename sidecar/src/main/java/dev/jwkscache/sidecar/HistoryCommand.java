package dev.jwkscache.sidecar;

import dev.jwkscache.sidecar.configuration.StateFolder;
import dev.jwkscache.sidecar.history.Answer;
import dev.jwkscache.sidecar.history.Change;
import dev.jwkscache.sidecar.history.History;
import dev.jwkscache.sidecar.history.Trust;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code history}: tells from the sidecar's record which keys were trusted when. */
@Command(
        name = "history",
        description = "Tells which keys the sidecar trusted at a time, or all that changed.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:an answer",
            "1:no key was trusted at that time, or no such key or provider was",
            "2:wrong arguments, or no history"
        })
final class HistoryCommand implements Callable<Integer> {
    private static final String FOLDER = "history";

    @Option(
            names = "--folder",
            paramLabel = "<folder>",
            description = "Folder of the record (history in the state folder, see JWKS_CACHE_STATE_FOLDER).")
    private @Nullable String folder;

    @Option(
            names = "--at",
            paramLabel = "<time>",
            description = "The keys that were trusted at this time: 14:03 is today, local time.")
    private @Nullable String at;

    @Option(names = "--since", paramLabel = "<time>", description = "Changes from this time on only.")
    private @Nullable String since;

    @Option(names = "--provider", paramLabel = "<name>", description = "This provider only.")
    private @Nullable String provider;

    @Option(names = "--kid", paramLabel = "<kid>", description = "Keys with this kid only.")
    private @Nullable String kid;

    @Option(names = "--json", description = "One JSON object, times in UTC.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli before call.
    private CommandSpec spec;

    private final Map<String, String> environment;
    private final Clock clock;

    HistoryCommand(Map<String, String> environment, Clock clock) {
        this.environment = environment;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        if (at != null && since != null) {
            throw new ParameterException(spec.commandLine(), "--at and --since exclude each other");
        }
        Instant time = time("--at", at);
        Instant from = time("--since", since);
        History history = read(folder());
        HistoryReport report = new HistoryReport(history.notes(), clock.getZone());
        PrintWriter out = spec.commandLine().getOut();
        return time != null ? answer(history, time, report, out) : changes(history, from, report, out);
    }

    private int answer(History history, Instant time, HistoryReport report, PrintWriter out) {
        Answer answer = history.at(time, this::isAsked);
        if (json) {
            out.println(JsonText.of(report.json(answer)));
        } else {
            report.lines(answer).forEach(out::println);
        }
        return answer.keys().isEmpty() ? ExitStatus.NOT_GOOD : ExitStatus.GOOD;
    }

    private int changes(History history, @Nullable Instant from, HistoryReport report, PrintWriter out) {
        List<Change> asked = history.changes().stream().filter(this::isAsked).toList();
        List<Change> changes = asked.stream()
                .filter(change -> from == null || !change.at().isBefore(from))
                .toList();
        if (json) {
            out.println(JsonText.of(report.json(changes)));
        } else {
            report.lines(changes).forEach(out::println);
        }
        boolean named = (kid == null && provider == null)
                || asked.stream().anyMatch(change -> kid == null ? change.provider() != null : change.key() != null);
        return named ? ExitStatus.GOOD : ExitStatus.NOT_GOOD;
    }

    private boolean isAsked(Trust trust) {
        return (provider == null || provider.equals(trust.provider()))
                && (kid == null || kid.equals(trust.key().kid()));
    }

    /** What concerns all providers or keys concerns those that are asked for, too. */
    private boolean isAsked(Change change) {
        boolean ofProvider = provider == null || change.provider() == null || provider.equals(change.provider());
        boolean ofKey =
                kid == null || change.key() == null || kid.equals(change.key().kid());
        return ofProvider && ofKey;
    }

    private @Nullable Instant time(String option, @Nullable String text) {
        try {
            return text == null ? null : TimeOption.parse(text, clock);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), option + " '" + text + "' " + e.getMessage());
        }
    }

    private Path folder() {
        try {
            return folder != null
                    ? Path.of(folder)
                    : StateFolder.of(environment, System.getProperty("user.home", ""))
                            .resolve(FOLDER);
        } catch (InvalidPathException e) {
            throw new CommandFailure("'" + folder + "' is no folder");
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(e.getMessage() + ", or with --folder");
        }
    }

    private History read(Path from) {
        try {
            return History.read(from, clock.instant());
        } catch (NoSuchFileException | NotDirectoryException e) {
            throw new CommandFailure(
                    "there is no history in '" + from + "' (name its folder with --folder; 'serve' writes it)");
        } catch (AccessDeniedException e) {
            throw new CommandFailure("the history in '" + from + "' may not be read: only its sidecar's user may");
        } catch (IOException e) {
            throw new CommandFailure("the history in '" + from + "' cannot be read: " + e.getMessage());
        }
    }
}
