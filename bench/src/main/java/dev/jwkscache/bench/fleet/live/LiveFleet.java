package dev.jwkscache.bench.fleet.live;

import dev.jwkscache.bench.fleet.live.LiveResult.Phase;
import dev.jwkscache.bench.fleet.live.LiveResult.Spread;
import dev.jwkscache.testkit.RecordedRequest;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongPredicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The instances, their Redis and their provider, and how to look at them. */
final class LiveFleet implements AutoCloseable {
    static final String ALG = "ES256";

    /** The way from Redis to an instance is not always equally long, so that turns that Redis grants 2 s apart are not. */
    private static final long TOLERANCE = Duration.ofMillis(50).toNanos();

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final ScriptedProvider provider = ScriptedProvider.start(ALG);
    final RealRedis redis = new RealRedis();
    private final AtomicReferenceArray<LiveInstance> instances;
    private final int count;
    private volatile String knownKid = newestKid();

    LiveFleet(int count) throws IOException {
        this.count = count;
        this.instances = new AtomicReferenceArray<>(count);
        for (int i = 0; i < count; i++) {
            replace(i);
        }
    }

    int count() {
        return count;
    }

    LiveInstance instance(int number) {
        return instances.get(number);
    }

    /** Puts a new process in the place of one. */
    void replace(int number) {
        instances.set(number, new LiveInstance(number, provider, redis.uri()));
    }

    /** Puts a new process in the place of one, once it has keys. */
    void deploy(int number) throws Exception {
        LiveInstance after = new LiveInstance(number, provider, redis.uri());
        after.cache().startAsync().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        instances.getAndSet(number, after).close();
    }

    String knownKid() {
        return knownKid;
    }

    String newestKid() {
        return Objects.requireNonNull(provider.current(ALG).kid());
    }

    /** From now on everybody is asked for the newest key. */
    void newestIsKnown() {
        knownKid = newestKid();
    }

    /** Of the older keys, the newest stays. */
    void withdrawOld() {
        List<SigningKey> all = provider.keys();
        all.subList(0, Math.max(0, all.size() - 2)).forEach(provider::withdraw);
    }

    Set<String> publishedKids() {
        return provider.keys().stream()
                .map(key -> Objects.requireNonNull(key.kid()))
                .collect(Collectors.toSet());
    }

    /** Waits until it is true of what is asked of all instances; the answers, in nanoseconds since then. */
    long[] awaitAll(ToLongFunction<LiveInstance> asked, LongPredicate is, long since) throws InterruptedException {
        long[] answers = new long[count];
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (int i = 0; i < count; i++) {
            long answer = asked.applyAsLong(instance(i));
            while (!is.test(answer)) {
                if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException("instance " + i + " is not where it should be after " + PATIENCE
                            + ": " + instance(i).cache().status());
                }
                Thread.sleep(1);
                answer = asked.applyAsLong(instance(i));
            }
            answers[i] = Math.max(0, answer - since);
        }
        return answers;
    }

    static Spread spread(int repetitions, List<long[]> nanos) {
        long[] all = nanos.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        return new Spread(repetitions, millis(all, 0.5), millis(all, 0.99), millis(all, 1));
    }

    private static double millis(long[] sorted, double part) {
        return sorted[(int) Math.ceil(part * (sorted.length - 1))] / 1e6;
    }

    /** What happened from one moment to now; {@code troubleEnd} is when it should become calm again. */
    Phase phase(String label, Callers callers, long began, long troubleEnd) {
        Callers.Log log = callers.take();
        long[] times = requestTimes(began);
        long again = 0;
        for (int i = 1; i < times.length; i++) {
            if (times[i] - times[i - 1] < interval()) {
                again = Math.max(again, times[i] - troubleEnd);
            }
        }
        return new Phase(
                label,
                (System.nanoTime() - began) / 1e9,
                times.length,
                mostPerInterval(times),
                log.nanos.getTotalCount(),
                log.failures(),
                (double) log.nanos.getValueAtPercentile(99.9),
                again / 1e9);
    }

    long[] requestTimes(long since) {
        return provider.requests().stream()
                .mapToLong(RecordedRequest::nanoTime)
                .filter(time -> time - since >= 0)
                .toArray();
    }

    static long mostPerInterval(long[] times) {
        long most = 0;
        int from = 0;
        for (int to = 0; to < times.length; to++) {
            while (times[to] - times[from] >= interval()) {
                from++;
            }
            most = Math.max(most, to - from + 1);
        }
        return most;
    }

    private static long interval() {
        return LiveInstance.INTERVAL.toNanos() - TOLERANCE;
    }

    @Override
    public void close() throws IOException {
        IntStream.range(0, count).parallel().forEach(i -> instance(i).close());
        redis.close();
        provider.close();
    }
}
