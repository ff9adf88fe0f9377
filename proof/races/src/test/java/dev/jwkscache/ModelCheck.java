package dev.jwkscache;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import dev.jwkscache.HandTimer.Purpose;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/** How subjects are model checked: quick by default, long with {@code -Plong}. */
final class ModelCheck {
    /** How many scenarios each subject is tried with, and how many interleavings of each. */
    private static final int SCENARIOS = Integer.getInteger("lincheck.scenarios", 10);

    private static final int INTERLEAVINGS = Integer.getInteger("lincheck.interleavings", 300);

    private ModelCheck() {}

    static {
        // What initialises lazily and once (locales, providers) must not do so in the midst of a checked scenario.
        try (Rig rig = Rig.loaded(true)) {
            rig.lookup(1);
            rig.refuseOldest();
            rig.purge();
            rig.run(Purpose.DEADLINE);
            rig.lookup(1);
            rig.run(Purpose.ALARM);
            rig.run(Purpose.GIVE_UP);
        }
    }

    static void run(Class<?> subject, int threads, int actorsPerThread) {
        options().threads(threads).actorsPerThread(actorsPerThread).check(subject);
    }

    private static ModelCheckingOptions options() {
        return new ModelCheckingOptions()
                .iterations(SCENARIOS)
                .invocationsPerIteration(INTERLEAVINGS)
                .actorsBefore(0)
                .actorsAfter(0)
                // Pure or confined: nothing of another thread can be seen or changed in there.
                .addGuarantee(forClasses(
                                DocumentReader.class.getName(),
                                Events.class.getName(),
                                Generations.class.getName(),
                                JwkSetParser.class.getName(),
                                KeySetChange.class.getName(),
                                CacheHints.class.getName(),
                                Failures.class.getName(),
                                Refusals.class.getName(),
                                Settings.class.getName())
                        .allMethods()
                        .ignore())
                // The stage, not the play: its parts are atomic, and what they call back is checked as all else.
                .addGuarantee(forClasses(HandClock.class.getName(), HandOrigin.class.getName())
                        .allMethods()
                        .ignore())
                .addGuarantee(
                        forClasses(HandTimer.class.getName()).methods("waiting").ignore())
                .addGuarantee(forClasses(Rig.class.getName())
                        .methods("fault", "noted", "counted")
                        .ignore());
    }
}
