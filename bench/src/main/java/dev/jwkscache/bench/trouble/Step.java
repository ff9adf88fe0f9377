package dev.jwkscache.bench.trouble;

import dev.jwkscache.testkit.ScriptedProvider;
import java.time.Duration;

/** Something that happens to the provider at a moment of a scenario. */
sealed interface Step {
    /** When, from the start of the scenario. */
    Duration at();

    void applyTo(ScriptedProvider provider);

    /** The same at another pace. */
    Step scaled(double factor);

    /** From now on the provider answers like this. */
    record Answers(Duration at, Answer answer) implements Step {
        @Override
        public void applyTo(ScriptedProvider provider) {
            provider.behave(answer.behaviour());
        }

        @Override
        public Step scaled(double factor) {
            return new Answers(Scenario.scale(at, factor), answer);
        }
    }

    /** The provider publishes one more key, and soon signs with it. */
    record Rotates(Duration at, String kid) implements Step {
        /** Between publishing and signing, so that a caller's clock that is ahead does not ask for an unpublished key. */
        static final Duration UNTIL_SIGNED_WITH = Duration.ofMillis(50);

        @Override
        public void applyTo(ScriptedProvider provider) {
            Scenario.publishUpTo(kid, provider);
        }

        @Override
        public Step scaled(double factor) {
            return new Rotates(Scenario.scale(at, factor), kid);
        }

        Duration asked() {
            return at.plus(UNTIL_SIGNED_WITH);
        }
    }
}
