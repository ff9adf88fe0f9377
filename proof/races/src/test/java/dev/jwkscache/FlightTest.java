package dev.jwkscache;

import dev.jwkscache.spi.OriginResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** A flight lands once and leaves neither its timer nor its exchange behind, in whichever order it gets to know them. */
class FlightTest {

    @Test
    void theFirstLandingCountsAndEndsTimerAndExchange() {
        ModelCheck.run(Subject.class, 3, 2);
    }

    public static class Subject {
        private final Flight flight = new Flight(RefreshTrigger.MISS);
        private final CompletableFuture<Void> timer = new CompletableFuture<>();
        private final CompletableFuture<OriginResponse> exchange = new CompletableFuture<>();
        private final AtomicBoolean timed = new AtomicBoolean();
        private final AtomicBoolean exchanging = new AtomicBoolean();

        @Operation(runOnce = true)
        public void deadline() {
            timed.set(true);
            flight.deadline(timer);
        }

        @Operation(runOnce = true)
        public void exchange() {
            exchanging.set(true);
            flight.exchange(exchange);
        }

        @Operation
        public String supersede() {
            flight.land(new Flight.Superseded(), Runnable::run);
            return ending();
        }

        @Operation
        public String fail() {
            flight.land(new Flight.Failed(Failures.quiet(null, new Moment(0, 0))), Runnable::run);
            return ending();
        }

        @Operation
        public String ending() {
            return flight.landed().isDone() ? flight.landed().join().getClass().getSimpleName() : "in flight";
        }

        @Validate
        public void nothingIsLeft() {
            boolean over = flight.landed().isDone();
            if (timer.isCancelled() != (timed.get() && over) || exchange.isCancelled() != (exchanging.get() && over)) {
                throw new IllegalStateException("a timer or an exchange outlives its flight, or the other way round");
            }
        }
    }
}
