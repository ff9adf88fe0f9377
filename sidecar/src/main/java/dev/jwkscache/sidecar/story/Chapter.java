package dev.jwkscache.sidecar.story;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A part of the story.
 *
 * @param name one word
 * @param provider what the provider does, for the table
 * @param shows in plain words what can be seen here
 * @param length how long it lasts at least
 * @param acts what happens, in order
 * @param complete whether what was to be seen has been seen
 * @param ending what ends with it
 */
record Chapter(
        String name,
        String provider,
        String shows,
        Duration length,
        List<Act> acts,
        BooleanSupplier complete,
        Runnable ending) {

    /**
     * Something that happens.
     *
     * @param at when, from 0 for the beginning of the chapter to 1 for its end
     * @param provider what the provider does from then on
     */
    record Act(double at, String provider, Runnable deed) {}

    static Chapter of(String name, String provider, String shows, Duration length, Act... acts) {
        return new Chapter(name, provider, shows, length, List.of(acts), () -> true, () -> {});
    }

    Chapter until(BooleanSupplier seen) {
        return new Chapter(name, provider, shows, length, acts, seen, ending);
    }

    Chapter endingWith(Runnable end) {
        return new Chapter(name, provider, shows, length, acts, complete, end);
    }
}
