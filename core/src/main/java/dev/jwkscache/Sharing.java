package dev.jwkscache;

import dev.jwkscache.spi.OriginResponse;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a cache has from others and leaves to them: asked before each fetch, told after it. Knows nothing of callers. */
interface Sharing {

    /** Nothing: every flight fetches. */
    Sharing NONE = (attempt, then) -> then.accept(new Fetch(attempt));

    /** What to do about a flight that is about to fetch. */
    sealed interface Counsel {}

    /** Fetch, under the generation of that attempt. */
    record Fetch(Attempt attempt) implements Counsel {}

    /** Do not fetch: this was fetched by somebody else, and is newer than what is at hand. */
    record Take(Snapshot snapshot) implements Counsel {}

    /** Do not fetch: there is nothing new, and it is too early to look before that time has passed. */
    record Defer(Duration remaining) implements Counsel {}

    /** Do not fetch: somebody else tried and failed, for the so manieth time in a row, and will try again after that time. */
    record Blocked(int failures, FetchException reason, Duration pause) implements Counsel {}

    /** Asks; {@code then} is called exactly once, on any thread, at once where there is nobody to ask. */
    void before(Attempt attempt, Consumer<Counsel> then);

    /** Tells what a fetch has brought, or confirmed. */
    default void fetched(Attempt attempt, Snapshot snapshot, OriginResponse response) {}

    /** Tells that a fetch has failed, and what the cache makes of that. */
    default void failed(Attempt attempt, RefreshState after, Moment now) {}

    /** Tells that everything up to now is not to be believed any more. */
    default void purged(@Nullable Snapshot last, Moment now) {}

    /** Begins to listen to the others. */
    default void listen(Refresher refresher) {}

    /** Ends what {@link #listen} began. */
    default void close() {}
}
