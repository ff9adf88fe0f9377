package dev.jwkscache.redis;

import dev.jwkscache.spi.FleetStore;
import java.time.Duration;
import java.time.Instant;

/** The store of one process keeps the contract. */
class MemoryFleetStoreTest extends FleetStoreContract {
    private final SteppedClock clock = new SteppedClock(Instant.now());
    private final MemoryFleetStore store = new MemoryFleetStore(clock);

    @Override
    FleetStore here() {
        return store;
    }

    @Override
    FleetStore there() {
        return store;
    }

    @Override
    void pass(Duration time) {
        clock.pass(time);
    }
}
