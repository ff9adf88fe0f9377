package dev.jwkscache.bench.fleet.live;

import dev.jwkscache.bench.fleet.live.LiveResult.Phase;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.RecordedRequest;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Leads a fleet through a quiet time, rotations, the death of leaders and trouble with Redis. */
final class LiveRun {
    private final int count;
    private final boolean brief;
    private final SplittableRandom random = new SplittableRandom(1);

    LiveRun(int count, boolean brief) {
        this.count = count;
        this.brief = brief;
    }

    LiveResult run() throws Exception {
        long began = System.nanoTime();
        try (LiveFleet fleet = new LiveFleet(count);
                Callers callers = start(fleet)) {
            Phase start = fleet.phase("start", callers, began, began);
            pause(Duration.ofSeconds(5));
            int threads = ManagementFactory.getThreadMXBean().getThreadCount();
            say("steady");
            callers.take();
            long steadyBegan = System.nanoTime();
            pause(Duration.ofSeconds(brief ? 6 : 40));
            Phase steady = fleet.phase("steady", callers, steadyBegan, steadyBegan);
            say("the leader dies");
            List<Integer> deaths = new ArrayList<>();
            for (int i = 0; i < (brief ? 1 : 5); i++) {
                deaths.add(death(fleet));
            }
            say("rotations");
            LiveResult.Spread rotated = rotations(fleet, brief ? 2 : 25);
            say("withdrawals");
            LiveResult.Spread withdrawn = withdrawals(fleet, brief ? 1 : 5);
            say("deploy, Redis flushed, frozen, killed");
            callers.take();
            List<Phase> troubles = List.of(
                    deployed(fleet, callers), flushed(fleet, callers), frozen(fleet, callers), killed(fleet, callers));
            say("purges");
            List<long[]> purged = new ArrayList<>();
            List<long[]> refilled = new ArrayList<>();
            int purges = brief ? 1 : 5;
            for (int i = 0; i < purges; i++) {
                purge(fleet, purged, refilled);
            }
            return new LiveResult(
                    count,
                    threads,
                    LiveInstance.INTERVAL.toMillis() / 1000.0,
                    start,
                    steady,
                    deaths,
                    rotated,
                    withdrawn,
                    LiveFleet.spread(purges, purged),
                    LiveFleet.spread(purges, refilled),
                    troubles);
        }
    }

    private static Callers start(LiveFleet fleet) throws InterruptedException {
        for (int i = 0; i < fleet.count(); i++) {
            fleet.instance(i).cache().startAsync();
        }
        fleet.awaitAll(LiveInstance::refreshedAt, at -> at != 0, 0);
        return new Callers(fleet::instance, fleet.count(), fleet::knownKid);
    }

    /** Requests within one interval of the one that the leader was making when it vanished. */
    private int death(LiveFleet fleet) throws Exception {
        fleet.provider.behaveOnce(Behaviour.hangBeforeHeaders());
        CompletableFuture<RecordedRequest> next = fleet.provider.nextRequest();
        RecordedRequest hanging = next.get(1, TimeUnit.MINUTES);
        int leader = Integer.parseInt(String.valueOf(hanging.header(LiveInstance.NAME)));
        LiveInstance dead = fleet.instance(leader);
        fleet.replace(leader);
        dead.close();
        fleet.instance(leader).cache().startAsync();
        pause(LiveInstance.INTERVAL.multipliedBy(3));
        return (int) Arrays.stream(fleet.requestTimes(hanging.nanoTime()))
                .filter(time -> time - hanging.nanoTime() < LiveInstance.INTERVAL.toNanos())
                .count();
    }

    private LiveResult.Spread rotations(LiveFleet fleet, int repetitions) throws InterruptedException {
        List<long[]> nanos = new ArrayList<>();
        for (int i = 0; i < repetitions; i++) {
            pause(LiveInstance.COOLDOWN.plusMillis(random.nextInt(1000)));
            fleet.provider.rotate(LiveFleet.ALG);
            Set<String> published = fleet.publishedKids();
            long began = System.nanoTime();
            fleet.instance(random.nextInt(count)).cache().keyAsync(fleet.newestKid(), LiveFleet.ALG);
            nanos.add(fleet.awaitAll(instance -> instance.has(published), at -> at != 0, began));
            fleet.newestIsKnown();
            // In the next fetch, whoever makes it.
            fleet.withdrawOld();
            Set<String> left = fleet.publishedKids();
            fleet.instance(random.nextInt(count)).cache().refresh();
            fleet.awaitAll(instance -> instance.has(left), at -> at != 0, began);
        }
        return LiveFleet.spread(repetitions, nanos);
    }

    private LiveResult.Spread withdrawals(LiveFleet fleet, int repetitions) throws InterruptedException {
        List<long[]> nanos = new ArrayList<>();
        for (int i = 0; i < repetitions; i++) {
            pause(LiveInstance.COOLDOWN.plusMillis(random.nextInt(1000)));
            fleet.provider.rotate(LiveFleet.ALG);
            Set<String> published = fleet.publishedKids();
            fleet.instance(random.nextInt(count)).cache().refresh();
            fleet.awaitAll(instance -> instance.has(published), at -> at != 0, 0);
            fleet.newestIsKnown();
            pause(LiveInstance.COOLDOWN.plusMillis(500));
            fleet.withdrawOld();
            Set<String> left = fleet.publishedKids();
            long began = System.nanoTime();
            fleet.instance(random.nextInt(count)).cache().refresh();
            nanos.add(fleet.awaitAll(instance -> instance.has(left), at -> at != 0, began));
        }
        return LiveFleet.spread(repetitions, nanos);
    }

    private void purge(LiveFleet fleet, List<long[]> purged, List<long[]> refilled) throws InterruptedException {
        pause(LiveInstance.COOLDOWN.plusMillis(random.nextInt(1000)));
        // So that a set that was fetched after the purge can be told from those before.
        fleet.provider.rotate(LiveFleet.ALG);
        fleet.withdrawOld();
        Set<String> published = fleet.publishedKids();
        long began = System.nanoTime();
        fleet.instance(random.nextInt(count)).cache().purge();
        // Who takes the new set before he hears of the purge has nothing left to throw away.
        purged.add(fleet.awaitAll(
                instance -> instance.purgedAt() - began >= 0 ? instance.purgedAt() : instance.has(published),
                at -> at != 0,
                began));
        refilled.add(fleet.awaitAll(instance -> instance.has(published), at -> at != 0, began));
        fleet.newestIsKnown();
    }

    /** Each new process gets its keys before it takes the place of an old one. */
    private Phase deployed(LiveFleet fleet, Callers callers) throws Exception {
        int replaced = count / 4;
        long began = System.nanoTime();
        for (int i = 0; i < replaced; i++) {
            fleet.deploy(i);
        }
        return fleet.phase("rolling deploy of " + replaced + " instances", callers, began, began);
    }

    private Phase flushed(LiveFleet fleet, Callers callers) throws InterruptedException {
        long began = System.nanoTime();
        fleet.redis.flushAll();
        long over = System.nanoTime();
        pause(Duration.ofSeconds(brief ? 3 : 10));
        return fleet.phase("FLUSHALL", callers, began, over);
    }

    private Phase frozen(LiveFleet fleet, Callers callers) throws Exception {
        long began = System.nanoTime();
        fleet.redis.freeze();
        pause(Duration.ofSeconds(brief ? 2 : 6));
        fleet.redis.thaw();
        long over = System.nanoTime();
        pause(Duration.ofSeconds(brief ? 6 : 20));
        return fleet.phase("frozen (SIGSTOP) for 6 s", callers, began, over);
    }

    private Phase killed(LiveFleet fleet, Callers callers) throws Exception {
        long began = System.nanoTime();
        fleet.redis.kill();
        pause(Duration.ofSeconds(brief ? 2 : 10));
        fleet.redis.startAgain();
        long over = System.nanoTime();
        pause(Duration.ofSeconds(brief ? 6 : 25));
        return fleet.phase("killed (SIGKILL), back after 10 s", callers, began, over);
    }

    private static void pause(Duration duration) throws InterruptedException {
        Thread.sleep(duration.toMillis());
    }

    private static void say(String what) {
        System.err.println("fleet: " + what);
    }
}
