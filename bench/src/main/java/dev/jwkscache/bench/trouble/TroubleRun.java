package dev.jwkscache.bench.trouble;

import dev.jwkscache.bench.trouble.TroubleResult.Outcome;
import dev.jwkscache.bench.trouble.TroubleResult.ScenarioInfo;
import dev.jwkscache.bench.trouble.TroubleResult.SubjectInfo;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Measures all subjects in all scenarios, one after the other, side by side for each scenario. */
public final class TroubleRun {
    private static final int REHEARSALS = 2;

    private final List<Subject> subjects;
    private final List<Scenario> scenarios;
    private final List<String> notes = new ArrayList<>();
    private final Consumer<Outcome> told;

    private TroubleRun(List<Subject> subjects, List<Scenario> scenarios, Consumer<Outcome> told) {
        this.subjects = subjects;
        this.scenarios = scenarios;
        this.told = told;
    }

    /**
     * Measures.
     *
     * @param length of each scenario; 7 s is what the lifetimes are made for; less is for trying things out,
     *     and brings the two rotations within one cooldown
     * @param subjectFilter only subjects whose name contains this; empty for all
     * @param scenarioFilter only scenarios whose name contains this; empty for all
     * @param told hears each outcome when it is there
     * @return what was measured; a subject that could not be measured is left out with a note
     * @throws InterruptedException if the thread is interrupted
     */
    public static TroubleResult measure(
            Duration length, String subjectFilter, String scenarioFilter, Consumer<Outcome> told)
            throws InterruptedException {
        Optional<Subject> python = PythonSubject.find(Tuning.STANDARD);
        List<Subject> subjects = new ArrayList<>(jvmSubjects());
        python.ifPresent(subjects::add);
        subjects.removeIf(subject -> !subject.about().name().contains(subjectFilter));
        List<Scenario> scenarios = Scenarios.all().stream()
                .filter(scenario -> scenario.name().contains(scenarioFilter))
                .map(scenario -> scenario.lasting(length))
                .toList();
        TroubleRun run = new TroubleRun(subjects, scenarios, told);
        if (python.isEmpty()) {
            run.notes.add(PythonSubject.NAME + " was left out: no Python 3 with httpx was found");
        }
        return run.measure();
    }

    private static List<Subject> jvmSubjects() {
        Tuning tuning = Tuning.STANDARD;
        return List.of(
                new JwksCacheSubject(tuning),
                new NimbusSubject(tuning, false),
                new NimbusSubject(tuning, true),
                new SpringSubject(tuning),
                new Auth0Subject(tuning),
                new Jose4jSubject(tuning));
    }

    private TroubleResult measure() throws InterruptedException {
        String startedAt = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        for (Subject subject : subjects) {
            if (subject instanceof JvmSubject) {
                rehearse(subject);
            }
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (Scenario scenario : scenarios) {
            for (Subject subject : subjects) {
                measure(subject, scenario).ifPresent(outcome -> {
                    outcomes.add(outcome);
                    told.accept(outcome);
                });
            }
        }
        return new TroubleResult(
                startedAt,
                machine(),
                subjects.stream().map(TroubleRun::describe).toList(),
                scenarios.stream().map(TroubleRun::describe).toList(),
                outcomes,
                notes);
    }

    /** Who runs first would pay for classes that all of them use: the first fetch of a process may well time out. */
    private void rehearse(Subject subject) throws InterruptedException {
        for (int i = 0; i < REHEARSALS; i++) {
            try {
                LiveRun.of(subject, Scenarios.rehearsal());
                return;
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception once) {
                // Whatever lasts will show in what is measured.
            }
        }
    }

    private Optional<Outcome> measure(Subject subject, Scenario scenario) throws InterruptedException {
        // Nobody is to pay for what the one before has left behind.
        System.gc();
        try {
            return Optional.of(LiveRun.of(subject, scenario));
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            notes.add(subject.about().name() + " could not be measured in «" + scenario.name() + "»: " + e);
            return Optional.empty();
        }
    }

    private static SubjectInfo describe(Subject subject) {
        Subject.About about = subject.about();
        return new SubjectInfo(about.name(), about.version(), about.settings());
    }

    private static ScenarioInfo describe(Scenario scenario) {
        List<Duration> trouble = scenario.trouble();
        Flood flood = scenario.flood();
        return new ScenarioInfo(
                scenario.name(),
                scenario.about(),
                scenario.length().toMillis(),
                trouble.get(0).toMillis(),
                trouble.get(1).toMillis(),
                scenario.callers(),
                scenario.interval().toMillis(),
                flood == null ? 0 : flood.callers(),
                FetchBound.most(Tuning.STANDARD).of(scenario));
    }

    private static Map<String, String> machine() {
        Map<String, String> machine = new LinkedHashMap<>();
        machine.put("java", System.getProperty("java.version", ""));
        machine.put("jvm", System.getProperty("java.vm.name", ""));
        machine.put("os", System.getProperty("os.name", "") + " " + System.getProperty("os.arch", ""));
        Runtime runtime = Runtime.getRuntime();
        machine.put("processors", Integer.toString(runtime.availableProcessors()));
        machine.put("max memory", (runtime.maxMemory() >> 20) + " MiB");
        return machine;
    }
}
