package dev.jwkscache.bench.fleet.simulation;

import dev.jwkscache.JwksCache;
import dev.jwkscache.SeededJitter;
import dev.jwkscache.bench.fleet.simulation.DayResult.RotationResult;
import dev.jwkscache.bench.fleet.simulation.Happening.Deploy;
import dev.jwkscache.bench.fleet.simulation.Happening.Flood;
import dev.jwkscache.bench.fleet.simulation.Happening.ProviderTrouble;
import dev.jwkscache.bench.fleet.simulation.Happening.Rotation;
import dev.jwkscache.bench.fleet.simulation.Happening.StoreTrouble;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** All instances, their provider and their store, and what happens to them. */
final class SimulatedFleet {
    private static final URI ADDRESS = URI.create("https://idp.example/jwks");

    private final SimulatedTime time = new SimulatedTime();
    private final Day day;
    private final SplittableRandom random;
    private final DoubleSupplier jitter;
    private final RequestTally tally;
    private final SimulatedProvider provider;
    private final @Nullable RemoteStore store;
    private final Verdicts verdicts;
    private final Instance[] instances;
    private final List<RotationResult> rotations = new ArrayList<>();

    private String newestKid;
    private String knownKid;
    private int rotation = -1;
    private Duration publishedAt = Duration.ZERO;
    /** In nanoseconds since the publication; as many as there are instances once all have it. */
    private final long[] arrivals;

    private int arrived;
    private long refusedBefore;
    private long forged;
    private Duration providerBackAt = Duration.ofDays(-1);

    SimulatedFleet(int size, Sharing sharing, Day day, long seed) {
        this.day = day;
        this.random = new SplittableRandom(seed);
        this.jitter = new SplittableRandom(random.nextLong())::nextDouble;
        this.tally = new RequestTally(day);
        this.provider = new SimulatedProvider(time, tally, random.split());
        this.store = sharing == Sharing.NONE
                ? null
                : new RemoteStore(time, new StoreServer(time, sharing == Sharing.ONE_REDIS), random.split());
        this.verdicts = new Verdicts(
                provider::isInTrouble, () -> time.elapsed().compareTo(providerBackAt.plus(Day.SETTLED)) < 0);
        this.instances = new Instance[size];
        this.arrivals = new long[size];
        this.newestKid = provider.newestKid();
        this.knownKid = newestKid;
        if (store != null) {
            store.open(ADDRESS);
        }
        Arrays.setAll(instances, i -> new Instance(this));
        day.happenings().stream()
                .filter(happening -> happening.from().compareTo(day.lasts()) < 0)
                .forEach(happening ->
                        time.at(() -> begin(happening), happening.from().toNanos()));
    }

    SimulatedTime time() {
        return time;
    }

    Day day() {
        return day;
    }

    RequestTally tally() {
        return tally;
    }

    @Nullable
    RemoteStore store() {
        return store;
    }

    Verdicts verdicts() {
        return verdicts;
    }

    List<RotationResult> rotations() {
        return rotations;
    }

    /** The one that was published last. */
    String newestKid() {
        return newestKid;
    }

    /** One that every instance has had a token of. */
    String knownKid() {
        return knownKid;
    }

    String forgedKid() {
        return "forged-" + ++forged;
    }

    /** How many rotations there were, less one. */
    int rotation() {
        return rotation;
    }

    /** The newest key is at hand in one more instance. */
    void arrived() {
        arrivals[arrived++] = time.elapsedNanos() - publishedAt.toNanos();
    }

    JwksCache newCache(Instance instance) {
        JwksCache.Builder builder = JwksCache.builder(ADDRESS)
                .time(time.clock(), time::elapsedNanos, time)
                .origin(provider)
                .listener(instance);
        if (store != null) {
            builder.store(store);
        }
        return SeededJitter.of(builder, jitter).build();
    }

    /** Does it at a random moment within that time. */
    void soon(Runnable task, Duration within) {
        time.at(task, time.elapsedNanos() + random.nextLong(within.toNanos()));
    }

    void end() {
        concludeRotation();
        provider.end();
    }

    private void begin(Happening happening) {
        if (happening instanceof Deploy deploy) {
            for (Instance instance : instances) {
                soon(instance::deploy, deploy.lasts());
            }
        } else if (happening instanceof ProviderTrouble trouble) {
            provider.trouble(trouble.kind());
            time.after(
                    () -> {
                        provider.trouble(null);
                        providerBackAt = time.elapsed();
                    },
                    trouble.lasts());
        } else if (happening instanceof StoreTrouble trouble && store != null) {
            RemoteStore troubled = store;
            troubled.trouble(trouble.kind());
            time.after(() -> troubled.trouble(null), trouble.lasts());
        } else if (happening instanceof Flood flood) {
            for (Instance instance : instances) {
                soon(() -> instance.lookUpForged(flood.every(), flood.until()), flood.every());
            }
        } else if (happening instanceof Rotation published) {
            rotate(published);
        }
    }

    private void rotate(Rotation published) {
        concludeRotation();
        provider.rotate();
        rotation++;
        arrived = 0;
        refusedBefore = verdicts.counts().newKidsRefused();
        publishedAt = time.elapsed();
        newestKid = provider.newestKid();
        for (Instance instance : instances) {
            soon(instance::lookUpNew, published.lasts());
        }
        time.after(() -> knownKid = newestKid, published.lasts().multipliedBy(2));
    }

    private void concludeRotation() {
        if (rotation < 0) {
            return;
        }
        long[] sorted = Arrays.copyOf(arrivals, arrived);
        Arrays.sort(sorted);
        rotations.add(new RotationResult(
                publishedAt.toSeconds() / 3600.0,
                sorted.length,
                millis(sorted, 0),
                millis(sorted, 0.5),
                millis(sorted, 0.99),
                millis(sorted, 1),
                verdicts.counts().newKidsRefused() - refusedBefore));
    }

    private static double millis(long[] sorted, double part) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.ceil(part * (sorted.length - 1))] / 1e6;
    }
}
