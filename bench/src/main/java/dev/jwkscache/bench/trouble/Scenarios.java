package dev.jwkscache.bench.trouble;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ten scenarios. Seven seconds each: trouble for two lifetimes, and all subjects in all of them within nine minutes. */
final class Scenarios {
    static final Duration LENGTH = Duration.ofSeconds(7);

    private static final Duration FROM = Duration.ofMillis(1_500);
    private static final Duration UNTIL = Duration.ofMillis(5_500);
    private static final int CALLERS = 32;
    private static final Duration PACE = Duration.ofMillis(5);

    private Scenarios() {}

    static List<Scenario> all() {
        return List.of(
                steady(),
                trouble("slow", "the provider takes 300 ms for each answer", Answer.SLOW),
                trouble("hang", "the provider accepts requests and says nothing", Answer.HANG),
                trouble("drip", "the provider sends one byte of the body every 100 ms", Answer.DRIP),
                trouble("error 500", "the provider answers 500", Answer.ERROR),
                trouble("reset", "the provider resets each connection after the request", Answer.RESET),
                trouble(
                        "garbage",
                        "status 200 with HTML, then an empty set, then half a document, then an error object",
                        Answer.HTML,
                        Answer.EMPTY_SET,
                        Answer.TRUNCATED,
                        Answer.NO_KEYS),
                scenario("herd at start", "all callers come before anything was fetched", true, List.of(), null),
                rotation(),
                scenario(
                        "forged kids",
                        "4 more callers ask for a forged kid every 10 ms each",
                        false,
                        List.of(),
                        new Flood(4, Duration.ofMillis(10), FROM, UNTIL)));
    }

    static Scenario steady() {
        return scenario("steady", "the provider answers within 20 ms", false, List.of(), null);
    }

    /** Takes every path once, so that what is measured is a service that has seen trouble before. */
    static Scenario rehearsal() {
        Duration outage = Duration.ofMillis(2_700);
        List<Step> steps = List.of(
                new Step.Answers(Duration.ZERO, Answer.ERROR),
                new Step.Rotates(outage, "kid-2"),
                new Step.Answers(outage, Answer.HEALTHY));
        return new Scenario("rehearsal", "", outage.plusMillis(800), false, CALLERS, PACE, steps, null);
    }

    private static Scenario trouble(String name, String about, Answer... answers) {
        List<Step> steps = new ArrayList<>();
        Duration each = UNTIL.minus(FROM).dividedBy(answers.length);
        for (int i = 0; i < answers.length; i++) {
            steps.add(new Step.Answers(FROM.plus(each.multipliedBy(i)), answers[i]));
        }
        steps.add(new Step.Answers(UNTIL, Answer.HEALTHY));
        return scenario(name, about, false, steps, null);
    }

    private static Scenario rotation() {
        return new Scenario(
                "rotation",
                "twice a new key, and 64 callers ask for nothing else from then on",
                LENGTH,
                false,
                2 * CALLERS,
                PACE.multipliedBy(2),
                List.of(
                        new Step.Rotates(Duration.ofMillis(2_500), "kid-2"),
                        new Step.Rotates(Duration.ofMillis(4_500), "kid-3")),
                null);
    }

    private static Scenario scenario(String name, String about, boolean cold, List<Step> steps, @Nullable Flood flood) {
        return new Scenario(name, about, LENGTH, cold, CALLERS, PACE, steps, flood);
    }
}
