package dev.jwkscache.bench.sidecar;

import dev.jwkscache.bench.sidecar.Client.Answer;
import dev.jwkscache.bench.sidecar.SidecarResult.Outcome;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Judges what callers got. Pure. */
final class Verdict {
    private Verdict() {}

    static Outcome of(Subject subject, Scenario scenario, Stage.Run run) {
        List<Answer> answers = run.answers().stream()
                .filter(answer -> answer.atNanos() - run.troubleNanos() >= 0)
                .toList();
        return new Outcome(
                scenario.name(),
                subject.name(),
                answers.size(),
                count(answers, Answer::isNonsense),
                count(answers, answer -> answer.status() != 0 && answer.status() != 200),
                count(answers, answer -> answer.status() == 0),
                answers.stream().mapToLong(Answer::tookNanos).max().orElse(0),
                nanos(scenario, answers, run.troubleNanos()));
    }

    /** The worst of several runs of one trouble. */
    static Outcome worst(List<Outcome> runs) {
        Outcome first = runs.get(0);
        Long nanos = first.nanos();
        for (Outcome run : runs) {
            Long other = run.nanos();
            nanos = nanos == null || other == null ? null : Long.valueOf(Math.max(nanos, other));
        }
        return new Outcome(
                first.trouble(),
                first.subject(),
                runs.stream().mapToInt(Outcome::asked).sum(),
                runs.stream().mapToInt(Outcome::nonsense).sum(),
                runs.stream().mapToInt(Outcome::refused).sum(),
                runs.stream().mapToInt(Outcome::silent).sum(),
                runs.stream().mapToLong(Outcome::slowestNanos).max().orElse(0),
                nanos);
    }

    private static int count(List<Answer> answers, Predicate<Answer> kind) {
        return (int) answers.stream().filter(kind).count();
    }

    private static @Nullable Long nanos(Scenario scenario, List<Answer> answers, long from) {
        return switch (scenario.measure()) {
            case FAILURES -> 0L;
            // From the begin of the outage, which is later than any answer of the provider: in favour of who is
            // measured.
            case PAST_BOUND -> last(answers, from + scenario.bounds().trusted().toNanos(), Answer::hasKeys);
            case ARRIVAL -> first(answers, from, answer -> answer.kids().contains(Scenario.NEW_KID));
            case DEPARTURE -> last(answers, from, answer -> answer.kids().contains(Scenario.OLD_KID));
            case RETURN -> first(answers, from, Answer::hasKeys);
        };
    }

    private static @Nullable Long first(List<Answer> answers, long from, Predicate<Answer> kind) {
        return answers.stream()
                .filter(kind)
                .map(answer -> answer.atNanos() + answer.tookNanos() - from)
                .findFirst()
                .orElse(null);
    }

    /** How long after that time the last such answer was asked for: 0 if none was, null if the very last is one. */
    private static @Nullable Long last(List<Answer> answers, long from, Predicate<Answer> kind) {
        if (answers.isEmpty() || kind.test(answers.get(answers.size() - 1))) {
            return null;
        }
        return answers.stream()
                .filter(kind)
                .mapToLong(answer -> Math.max(0, answer.atNanos() - from))
                .max()
                .orElse(0);
    }
}
