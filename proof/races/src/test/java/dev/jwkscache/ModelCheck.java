package dev.jwkscache;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import dev.jwkscache.HandTimer.Purpose;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/** How subjects are model checked: quick by default, long with {@code -Plong}. */
final class ModelCheck {
    /** How many scenarios each subject is tried with, and how many interleavings of each. */
    private static final int SCENARIOS = Integer.getInteger("lincheck.scenarios", 8);

    private static final int INTERLEAVINGS = Integer.getInteger("lincheck.interleavings", 60);

    private static final Set<String> PURE = names(
            CacheHints.class,
            DocumentReader.class,
            Failures.class,
            Generations.class,
            JwkSetParser.class,
            KeySetChange.class,
            Moment.class,
            RefreshPolicy.class,
            RefreshState.class,
            Refusals.class,
            Settings.class,
            Snapshot.class);

    private static final Set<String> STAGE = names(
            ConcurrentLinkedDeque.class,
            ConcurrentLinkedQueue.class,
            Events.class,
            HandClock.class,
            HandOrigin.class,
            LongAdder.class);

    private ModelCheck() {}

    private static Set<String> names(Class<?>... classes) {
        return Arrays.stream(classes).map(Class::getName).collect(Collectors.toSet());
    }

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
        options(SCENARIOS, INTERLEAVINGS)
                .threads(threads)
                .actorsPerThread(actorsPerThread)
                .check(subject);
    }

    /** For two operations that meet in one narrow place: few scenarios, and every place at which one can be stopped. */
    static void runDuel(Class<?> subject) {
        options(4, 5 * INTERLEAVINGS).threads(2).actorsPerThread(1).check(subject);
    }

    private static ModelCheckingOptions options(int scenarios, int interleavings) {
        return new ModelCheckingOptions()
                .iterations(scenarios)
                .invocationsPerIteration(interleavings)
                .actorsBefore(0)
                .actorsAfter(0)
                .addGuarantee(forClasses(ModelCheck::isPure).allMethods().ignore())
                .addGuarantee(forClasses(ModelCheck::isStage).allMethods().ignore())
                .addGuarantee(
                        forClasses(HandTimer.class.getName()).methods("waiting").ignore())
                .addGuarantee(forClasses(Rig.class.getName())
                        .methods("fault", "noted", "counted")
                        .ignore());
    }

    /** Nothing of another thread can be seen or changed in there, so that there is nothing to interleave. */
    private static boolean isPure(String name) {
        return PURE.contains(name.replaceAll("\\$.*", ""));
    }

    /** The stage, not the play: what counts and keeps records, each call at one moment. */
    private static boolean isStage(String name) {
        return STAGE.contains(name)
                || name.startsWith("org.slf4j.")
                || name.startsWith(QuietLogs.class.getName())
                || name.endsWith("ThreadPoolExecutor");
    }
}
