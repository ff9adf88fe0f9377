package dev.jwkscache.bench.fleet.simulation;

import dev.jwkscache.bench.fleet.simulation.Happening.Deploy;
import dev.jwkscache.bench.fleet.simulation.Happening.Flood;
import dev.jwkscache.bench.fleet.simulation.Happening.ProviderTrouble;
import dev.jwkscache.bench.fleet.simulation.Happening.Rotation;
import dev.jwkscache.bench.fleet.simulation.Happening.StoreTrouble;
import java.time.Duration;
import java.util.List;

/**
 * What happens in a simulated day, in order.
 *
 * @param lasts how much of it is lived through
 * @param known how often each instance looks a known kid up, on average
 */
record Day(Duration lasts, Duration known, List<Happening> happenings) {
    /** After it, what a happening has led to is over: one and a half refresh intervals. */
    static final Duration SETTLED = Duration.ofSeconds(450);

    private static final Duration DEPLOY = Duration.ofMinutes(10);
    private static final Duration TOKENS = Duration.ofMinutes(1);

    /** The day of the page, or the first hours of it. */
    static Day standard(Duration lasts) {
        return new Day(
                lasts,
                Duration.ofMinutes(10),
                List.of(
                        new Deploy("all begin, 10 min", Duration.ZERO, DEPLOY),
                        new Rotation(at(2, 0), TOKENS),
                        new Deploy("deploy, 10 min", at(3, 0), DEPLOY),
                        new ProviderTrouble(ProviderTrouble.ProviderFault.REFUSING, at(4, 0), Duration.ofMinutes(5)),
                        new Rotation(at(6, 0), TOKENS),
                        new ProviderTrouble(ProviderTrouble.ProviderFault.REFUSING, at(7, 0), Duration.ofMinutes(90)),
                        new Deploy("deploy, 10 min", at(10, 0), DEPLOY),
                        new ProviderTrouble(
                                ProviderTrouble.ProviderFault.TOO_MANY_REQUESTS, at(11, 0), Duration.ofMinutes(4)),
                        new ProviderTrouble(ProviderTrouble.ProviderFault.HANGING, at(12, 0), Duration.ofMinutes(20)),
                        new Flood(at(14, 0), Duration.ofMinutes(20), Duration.ofSeconds(10)),
                        new Rotation(at(14, 10), TOKENS),
                        new StoreTrouble(StoreTrouble.StoreFault.REFUSING, at(17, 0), Duration.ofHours(1)),
                        new Rotation(at(17, 30), TOKENS),
                        new Deploy("deploy, 10 min", at(20, 0), DEPLOY),
                        new StoreTrouble(StoreTrouble.StoreFault.HANGING, at(21, 0), Duration.ofMinutes(10))));
    }

    private static Duration at(int hour, int minute) {
        return Duration.ofHours(hour).plusMinutes(minute);
    }

    /** Those that begin and are over, with what they lead to, within the time lived through. */
    List<Happening> lived() {
        return happenings.stream()
                .filter(happening -> happening.until().plus(SETTLED).compareTo(lasts) <= 0)
                .toList();
    }
}
