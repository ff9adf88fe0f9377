package dev.jwkscache;

import java.time.Clock;
import java.util.function.LongSupplier;

/** Reads both clocks. */
record TimeSource(Clock wall, LongSupplier nanoTime) {

    static TimeSource system() {
        return new TimeSource(Clock.systemUTC(), System::nanoTime);
    }

    Moment now() {
        return new Moment(nanoTime.getAsLong(), wall.millis());
    }
}
