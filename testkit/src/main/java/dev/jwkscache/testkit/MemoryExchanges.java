package dev.jwkscache.testkit;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Carries requests to a provider without a network, in virtual time. */
final class MemoryExchanges implements Transport {
    private final Responder responder;
    private final ScheduledExecutorService scheduler;
    private final OpenConnections connections = new OpenConnections();
    private volatile boolean closed;

    MemoryExchanges(Responder responder, VirtualTime time) {
        this.responder = responder;
        this.scheduler = time.newScheduler();
    }

    CompletableFuture<ProviderResponse> exchange(Map<String, List<String>> requestHeaders) {
        if (closed) {
            return CompletableFuture.failedFuture(new ConnectException("Connection refused: the provider is closed"));
        }
        Answer answer = responder.respond("GET", Responder.JWKS_PATH, Headers.copyOf(requestHeaders));
        if (answer.delivery().kind() == Delivery.Kind.REFUSED) {
            return CompletableFuture.failedFuture(new ConnectException("Connection refused"));
        }
        Exchange exchange = new Exchange();
        connections.add(exchange);
        exchange.future.whenComplete((response, failure) -> exchange.ended());
        long nanos = nanosTaken(answer);
        if (nanos == 0) {
            exchange.conclude(answer);
        } else {
            exchange.concludeAfter(nanos, answer);
        }
        if (closed) {
            exchange.end();
        }
        return exchange.future;
    }

    @Override
    public OpenConnections connections() {
        return connections;
    }

    /** Refusals are part of the answers here: there is no port that could be closed. */
    @Override
    public void accept(boolean accepting) {
        if (closed) {
            throw new IllegalStateException("the provider is closed: make another one");
        }
    }

    @Override
    public void close() {
        closed = true;
        connections.endAll();
        scheduler.shutdownNow();
    }

    private static long nanosTaken(Answer answer) {
        Delivery delivery = answer.delivery();
        if (delivery.kind() != Delivery.Kind.DRIPPED) {
            return VirtualTime.saturatedNanos(answer.delay());
        }
        long drips = (answer.payload().length() + delivery.bytes() - 1) / delivery.bytes();
        return VirtualTime.saturatedNanos(answer.delay().plus(delivery.every().multipliedBy(drips)));
    }

    private final class Exchange implements OpenConnections.Connection {
        private final CompletableFuture<ProviderResponse> future = new CompletableFuture<>();
        private volatile @Nullable ScheduledFuture<?> pending;

        void concludeAfter(long nanos, Answer answer) {
            pending = scheduler.schedule(() -> conclude(answer), nanos, TimeUnit.NANOSECONDS);
            if (future.isDone()) {
                ended();
            }
        }

        void conclude(Answer answer) {
            switch (answer.delivery().kind()) {
                case COMPLETE, DRIPPED -> {
                    ended();
                    future.complete(new ProviderResponse(
                            answer.status(), answer.headers(), answer.payload().toBytes()));
                }
                case CUT_OFF -> fail(new EOFException("connection closed after half of the body"));
                case RESET, REFUSED -> fail(new SocketException("Connection reset"));
                case SILENT, SILENT_IN_BODY -> {}
            }
        }

        @Override
        public void end() {
            fail(new SocketException("Connection reset: the provider was closed"));
        }

        private void fail(IOException failure) {
            ended();
            future.completeExceptionally(failure);
        }

        /** Before the future completes, so that whoever waits for it finds the connection gone. */
        private void ended() {
            connections.remove(this);
            ScheduledFuture<?> task = pending;
            if (task != null) {
                task.cancel(false);
            }
        }
    }
}
