package dev.jwkscache.sidecar.story;

import dev.jwkscache.sidecar.ExitStatus;
import dev.jwkscache.sidecar.Interruption;
import dev.jwkscache.sidecar.Terminal;
import dev.jwkscache.sidecar.story.Promises.Promise;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** An identity provider in its worst minute, told in a terminal, or in lines where there is none. */
public final class TerminalStory {
    private static final int INTERRUPTED = 130;

    private TerminalStory() {}

    /**
     * Plays the story to its end, or until the process is asked to end.
     *
     * @param length of the story
     * @param plain lines even where there is a terminal
     * @param out gets the picture or the lines, and at the end the summary
     * @param environment tells what the terminal can do
     * @return the exit status
     * @throws InterruptedException if the thread is
     */
    public static int play(Duration length, boolean plain, PrintWriter out, Map<String, String> environment)
            throws InterruptedException {
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
