package dev.jwkscache;

import dev.jwkscache.spi.JwksOrigin;
import dev.jwkscache.spi.OriginRequest;
import dev.jwkscache.spi.OriginResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An origin in memory that answers when somebody answers for it; its calls never block. Each exchange brings a
 * {@linkplain Generations generation} of keys of its own, so that it shows later which one a snapshot came from.
 */
final class HandOrigin implements JwksOrigin {
    private final Queue<Exchange> exchanges = new ConcurrentLinkedQueue<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger closes = new AtomicInteger();
    private final AtomicInteger mostOpen = new AtomicInteger();
    private final boolean answersAtOnce;

    HandOrigin(boolean answersAtOnce) {
        this.answersAtOnce = answersAtOnce;
    }

    @Override
    public CompletableFuture<OriginResponse> fetch(OriginRequest request) {
        Exchange exchange = new Exchange(calls.getAndIncrement(), new CompletableFuture<>());
        if (answersAtOnce) {
            exchange.answer();
        } else {
            exchanges.add(exchange);
            int open = open().size();
            mostOpen.accumulateAndGet(open, Math::max);
        }
        return exchange.future;
    }

    @Override
    public void close() {
        closes.incrementAndGet();
    }

    int calls() {
        return calls.get();
    }

    int closes() {
        return closes.get();
    }

    /** How many exchanges were open at once at most, as each of them saw it when it began. */
    int mostOpen() {
        return mostOpen.get();
    }

    /** The exchanges that are neither answered nor cancelled, oldest first. */
    List<Exchange> open() {
        List<Exchange> open = new ArrayList<>();
        for (Exchange exchange : exchanges) {
            if (!exchange.future.isDone()) {
                open.add(exchange);
            }
        }
        return open;
    }

    /** One exchange and the generation of keys that it brings. */
    record Exchange(int generation, CompletableFuture<OriginResponse> future) {

        void answer() {
            future.complete(Generations.response(generation));
        }

        void refuse() {
            future.complete(Generations.refusal());
        }
    }
}
