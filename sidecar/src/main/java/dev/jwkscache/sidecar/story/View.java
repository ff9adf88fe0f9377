package dev.jwkscache.sidecar.story;

import java.time.Duration;

/** How the demonstration is shown while it plays. */
interface View extends AutoCloseable {

    /** The screen is taken over, where the view does that. */
    void open();

    /** A chapter begins. */
    void chapter(Duration at, Chapter chapter, int number, int chapters);

    /** Something happened: at the provider, or in the cache. Called by any thread. */
    void event(Duration at, String text);

    /** Several times a second. */
    void show(Scene scene);

    /** The screen is given back. A second call does nothing; nothing is shown after it. */
    @Override
    void close();
}
