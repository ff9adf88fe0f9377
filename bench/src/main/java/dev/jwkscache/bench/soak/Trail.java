package dev.jwkscache.bench.soak;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last steps of a run, for the report of what went wrong. */
final class Trail {
    private static final int KEPT = 30;

    private final Deque<String> steps = new ArrayDeque<>();
    private int number;

    synchronized void step(Duration elapsed, String what) {
        number++;
        steps.addLast(String.format("  %6d  %-22s %s", number, elapsed, what));
        if (steps.size() > KEPT) {
            steps.removeFirst();
        }
    }

    synchronized int number() {
        return number;
    }

    synchronized List<String> last() {
        return List.copyOf(steps);
    }
}
