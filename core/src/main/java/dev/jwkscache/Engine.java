package dev.jwkscache;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The threads a cache runs on.
 *
 * @param timer deadlines and schedule; its tasks never block
 * @param worker starts exchanges and parses what they bring
 * @param events calls listeners, one after the other
 * @param completions completes the futures that callers hold, whose dependents may be anybody's code
 * @param gate how many fetch at a time
 * @param release gives the threads back; called once
 */
record Engine(
        ScheduledExecutorService timer,
        Executor worker,
        Executor events,
        Executor completions,
        Gate gate,
        Runnable release) {

    /** Everything on the scheduler that a test moves by hand; work runs where it is handed over. */
    static Engine of(ScheduledExecutorService scheduler, Runnable release) {
        return new Engine(scheduler, Runnable::run, Runnable::run, Runnable::run, Gate.open(), release);
    }
}
