package dev.jwkscache.bench.fleet.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Requests to the provider, second by second. */
final class RequestTally {
    private static final int HOUR = 3600;

    private final int[] perSecond;
    /** Seconds in which nothing has happened lately. */
    private final boolean[] calm;

    RequestTally(Day day) {
        perSecond = new int[(int) day.lasts().toSeconds() + 1];
        calm = new boolean[perSecond.length];
        Arrays.fill(calm, 0, perSecond.length - 1, true);
        for (Happening happening : day.happenings()) {
            int from = bounded(happening.from());
            int until = bounded(happening.until().plus(Day.SETTLED));
            Arrays.fill(calm, from, until, false);
        }
    }

    private int bounded(Duration time) {
        return (int) Math.min(time.toSeconds(), perSecond.length - 1);
    }

    void count(long nanos) {
        perSecond[(int) (nanos / 1_000_000_000)]++;
    }

    long total() {
        return sum(0, perSecond.length);
    }

    long between(Duration from, Duration until) {
        return sum(bounded(from), bounded(until));
    }

    int worstSecond(Duration from, Duration until) {
        return Arrays.stream(perSecond, bounded(from), bounded(until)).max().orElse(0);
    }

    List<Long> perHour() {
        List<Long> hours = new ArrayList<>();
        for (int from = 0; from < perSecond.length - 1; from += HOUR) {
            hours.add(sum(from, Math.min(from + HOUR, perSecond.length - 1)));
        }
        return hours;
    }

    long calmSeconds() {
        long seconds = 0;
        for (boolean one : calm) {
            seconds += one ? 1 : 0;
        }
        return seconds;
    }

    long calmRequests() {
        long requests = 0;
        for (int second = 0; second < perSecond.length; second++) {
            requests += calm[second] ? perSecond[second] : 0;
        }
        return requests;
    }

    /** The most requests in any window of that many seconds in which all was calm. */
    long mostInCalm(int seconds) {
        long most = 0;
        long requests = 0;
        int length = 0;
        for (int second = 0; second < perSecond.length; second++) {
            if (!calm[second]) {
                requests = 0;
                length = 0;
                continue;
            }
            requests += perSecond[second];
            if (++length > seconds) {
                requests -= perSecond[second - seconds];
            }
            most = Math.max(most, requests);
        }
        return most;
    }

    private long sum(int from, int until) {
        return Arrays.stream(perSecond, from, until).asLongStream().sum();
    }
}
