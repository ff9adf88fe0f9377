package dev.jwkscache.bench.soak;

import java.util.ArrayList;
import java.util.List;

/** Collects what was forbidden: inside a cache's call stack nothing can be thrown that the cache would not swallow. */
final class Verdicts {

    /**
     * Something that the model does not allow.
     *
     * @param asked what was asked
     * @param answered what came
     * @param allowed what the model allows, and why
     */
    record Forbidden(String asked, String answered, String allowed) {

        String describe() {
            return "  asked:    " + asked + "\n  answered: " + answered + "\n  allowed:  " + allowed;
        }
    }

    private final List<Forbidden> found = new ArrayList<>();

    synchronized void forbidden(String asked, String answered, String allowed) {
        found.add(new Forbidden(asked, answered, allowed));
    }

    synchronized List<Forbidden> found() {
        return List.copyOf(found);
    }

    synchronized boolean any() {
        return !found.isEmpty();
    }
}
