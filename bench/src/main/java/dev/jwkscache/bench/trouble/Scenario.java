package dev.jwkscache.bench.trouble;

import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a provider and who calls meanwhile, as data: every subject and every driver gets the same.
 *
 * @param name for people and charts
 * @param about what happens, in a sentence
 * @param length how long it is measured
 * @param cold whether callers come before anything was fetched
 * @param callers how many ask for published kids
 * @param interval the time between two lookups of one caller
 * @param steps what happens to the provider, in order of time
 * @param flood who asks for forged kids, or null
 */
record Scenario(
        String name,
        String about,
        Duration length,
        boolean cold,
        int callers,
        Duration interval,
        List<Step> steps,
        @Nullable Flood flood) {
    static final String ALG = "RS256";
    static final String FIRST_KID = "kid-1";

    Scenario {
        steps = List.copyOf(steps);
    }

    /** Puts the provider into the state in which the scenario begins, with the keys of its rotations made already. */
    void prepare(ScriptedProvider provider) {
        provider.withdraw(provider.current(ALG));
        provider.addKey(ALG, FIRST_KID);
        for (Step step : steps) {
            if (step instanceof Step.Rotates rotation) {
                provider.addKey(ALG, rotation.kid());
            }
        }
        publishUpTo(FIRST_KID, provider);
        provider.behave(Answer.HEALTHY.behaviour());
    }

    /** Publishes the keys up to the one with that kid, at once: making a key can take longer than a rotation may. */
    static void publishUpTo(String kid, ScriptedProvider provider) {
        List<String> published = new ArrayList<>();
        for (SigningKey key : provider.keys()) {
            published.add(key.jwk());
            if (kid.equals(key.kid())) {
                break;
            }
        }
        provider.publish("{\"keys\":[" + String.join(",", published) + "]}");
    }

    /** How many lookups one caller is to make. */
    int lookups(int caller) {
        long room = length.toNanos() - offset(caller);
        return (int) ((room + interval.toNanos() - 1) / interval.toNanos());
    }

    /** When a caller begins, in nanoseconds from the start: spread evenly, so that the rate is steady. */
    long offset(int caller) {
        return interval.toNanos() * caller / callers;
    }

    /** The kid that tokens have at that time, in nanoseconds from the start. */
    String kidAt(long nanos) {
        String kid = FIRST_KID;
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i) instanceof Step.Rotates rotation
                    && rotation.asked().toNanos() <= nanos) {
                kid = rotation.kid();
            }
        }
        return kid;
    }

    /** How the provider answers a request that comes at that time, in nanoseconds from the start. */
    Answer answerAt(long nanos) {
        Answer answer = Answer.HEALTHY;
        for (Step step : steps) {
            if (step instanceof Step.Answers change && change.at().toNanos() <= nanos) {
                answer = change.answer();
            }
        }
        return answer;
    }

    /** When trouble begins and ends: from the first to the last thing that happens; twice zero when nothing does. */
    List<Duration> trouble() {
        List<Duration> times = Stream.concat(
                        steps.stream().map(Step::at),
                        Stream.ofNullable(flood).flatMap(f -> Stream.of(f.from(), f.until())))
                .sorted()
                .toList();
        return times.isEmpty()
                ? List.of(Duration.ZERO, Duration.ZERO)
                : List.of(times.get(0), times.get(times.size() - 1));
    }

    /** The same story told in another time, at the same pace of lookups. */
    Scenario lasting(Duration time) {
        double factor = (double) time.toNanos() / length.toNanos();
        List<Step> scaled = steps.stream().map(step -> step.scaled(factor)).toList();
        return new Scenario(
                name, about, time, cold, callers, interval, scaled, flood == null ? null : flood.scaled(factor));
    }

    static Duration scale(Duration time, double factor) {
        return Duration.ofNanos((long) (time.toNanos() * factor));
    }
}
