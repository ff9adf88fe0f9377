package dev.jwkscache;

import java.time.Clock;
import java.util.function.LongSupplier;

/** Reads both clocks. */
record TimeSource(Clock wall, LongSupplier nanoTime) {

    static TimeSource system() {
        return new TimeSource(Clock.systemUTC(), System::nanoTime);
    }

    Moment now() {
        return new Moment(nanos(), wallMillis());
    }

    long nanos() {
        return nanoTime.getAsLong();
    }

    long wallMillis() {
        return wall.millis();
    }
}
