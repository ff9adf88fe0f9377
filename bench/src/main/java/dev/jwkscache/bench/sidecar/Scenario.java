package dev.jwkscache.bench.sidecar;

import dev.jwkscache.testkit.Behaviour;
import java.time.Duration;
import java.util.List;

/**
 * A trouble that callers live through. Times count from its beginning, when the subject has keys.
 *
 * @param name for the page
 * @param about what happens, in a sentence without a capital
 * @param measure what is looked at beyond how many callers got keys
 * @param bounds which the subject is set up with
 * @param from when the trouble begins
 * @param until when it is over, or when nobody looks any more
 * @param quiet callers are silent for so long from its beginning
 * @param trouble what happens
 */
record Scenario(
        String name,
        String about,
        Measure measure,
        Bounds bounds,
        Duration from,
        Duration until,
        Duration quiet,
        Trouble trouble) {
    /** Of the key that is there from the start and may go. */
    static final String OLD_KID = "old";
    /** Of the key that may come. */
    static final String NEW_KID = "new";

    private static final Duration FIRST_SECOND = Duration.ofSeconds(1);
    private static final Duration BOUND = Duration.ofSeconds(4);
    private static final Duration HUSH = Duration.ofMillis(150);
    private static final List<Duration> MOMENTS =
            List.of(Duration.ofMillis(200), Duration.ofMillis(500), Duration.ofMillis(800));

    /** What happens when the trouble begins. */
    interface Trouble {
        void begin(Stage stage) throws Exception;
    }

    /** What a scenario shows. */
    enum Measure {
        /** How many callers got no keys. */
        FAILURES,
        /** For how long keys were served that should no longer have been trusted. */
        PAST_BOUND,
        /** The time to the first answer with the new key. */
        ARRIVAL,
        /** The time to the last answer with the old key. */
        DEPARTURE,
        /** The time from the start of the new process to the first answer with keys. */
        RETURN
    }

    static List<Scenario> all() {
        return List.of(
                failures("outage", "the provider refuses connections", Behaviour.refuse()),
                failures("hang", "the provider accepts requests and says nothing", Behaviour.hangBeforeHeaders()),
                failures("garbage", "the provider answers 200 with HTML", Behaviour.html()),
                failures("empty set", "the provider answers 200 with `{\"keys\":[]}`", Behaviour.emptySet()),
                new Scenario(
                        "staleness bound",
                        "the provider is away for longer than keys may be trusted without it, here "
                                + Bounds.seconds(BOUND) + " s",
                        Measure.PAST_BOUND,
                        Bounds.trusted(BOUND),
                        FIRST_SECOND,
                        Duration.ofSeconds(11),
                        Duration.ZERO,
                        stage -> stage.provider().behave(Behaviour.refuse())),
                new Scenario(
                        "rotation",
                        "a key is added",
                        Measure.ARRIVAL,
                        Bounds.QUICK,
                        FIRST_SECOND,
                        Duration.ofSeconds(5),
                        Duration.ZERO,
                        stage -> stage.provider().addKey("RS256", NEW_KID)),
                new Scenario(
                        "withdrawal",
                        "a key is taken out, for example because it was stolen",
                        Measure.DEPARTURE,
                        Bounds.QUICK,
                        FIRST_SECOND,
                        Duration.ofSeconds(5),
                        Duration.ZERO,
                        stage -> stage.provider().withdraw(OLD_KID)),
                new Scenario(
                        "withdrawal while nobody asks",
                        "a key is taken out, and the next request comes 4 s later",
                        Measure.DEPARTURE,
                        Bounds.QUICK,
                        FIRST_SECOND,
                        Duration.ofSeconds(7),
                        Duration.ofSeconds(4),
                        stage -> stage.provider().withdraw(OLD_KID)),
                new Scenario(
                        "restart during an outage",
                        "the provider refuses connections, and what serves its keys is killed and started again",
                        Measure.RETURN,
                        Bounds.QUICK,
                        FIRST_SECOND,
                        Duration.ofSeconds(7),
                        Duration.ZERO,
                        stage -> {
                            stage.provider().behave(Behaviour.refuse());
                            stage.server().killAndStart();
                        }));
    }

    private static Scenario failures(String name, String about, Behaviour behaviour) {
        return new Scenario(
                name,
                about,
                Measure.FAILURES,
                Bounds.QUICK,
                FIRST_SECOND,
                Duration.ofSeconds(6),
                Duration.ZERO,
                stage -> stage.provider().behave(behaviour));
    }

    /**
     * The same, at other moments between two fetches of the subject: what it is lucky with at one of them, it is not at
     * another.
     */
    List<Scenario> atSeveralMoments() {
        return measure == Measure.FAILURES || measure == Measure.PAST_BOUND
                ? List.of(this)
                : MOMENTS.stream().map(this::later).toList();
    }

    private Scenario later(Duration by) {
        return new Scenario(name, about, measure, bounds, from.plus(by), until.plus(by), quiet, trouble);
    }

    /** Whether callers ask at that time. Silence begins a little early, so that it has begun when the trouble does. */
    boolean asksAt(Duration time) {
        return quiet.isZero() || time.compareTo(from.minus(HUSH)) < 0 || time.compareTo(from.plus(quiet)) >= 0;
    }
}
