package dev.jwkscache.sidecar.story;

import dev.jwkscache.sidecar.demo.Tally;
import dev.jwkscache.sidecar.demo.Tally.Counts;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Where callers write down what they met; each chapter begins a new sheet. */
final class Scoreboard {
    private final List<Tally> sheets = new CopyOnWriteArrayList<>(List.of(new Tally()));
    private volatile Tally current = sheets.get(0);
    private final AtomicReference<@Nullable String> firstWrong = new AtomicReference<>();

    Tally current() {
        return current;
    }

    /** Begins a new sheet. Who is under way writes on the sheet on which they began. */
    Tally turn() {
        Tally next = new Tally();
        sheets.add(next);
        current = next;
        return next;
    }

    /** All sheets together. */
    Counts total() {
        return sheets.stream().map(Tally::counts).reduce(Counts.NONE, Counts::plus);
    }

    /** Remembers the first thing that should not have happened. */
    void wrong(String what) {
        firstWrong.compareAndSet(null, what);
    }

    @Nullable
    String firstWrong() {
        return firstWrong.get();
    }
}
