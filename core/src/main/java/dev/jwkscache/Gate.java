package dev.jwkscache;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets so many fetches at a time to one host, and the others in turn: ten thousand tenants of one provider that start at
 * once must neither open ten thousand connections nor time out for it.
 */
final class Gate {
    static final int MOST_FOR_A_HOST = 64;

    private final Deque<Runnable> waiting = new ConcurrentLinkedDeque<>();
    private final AtomicInteger free;
    /** How often somebody wished to admit since whoever is at it began; so only one is, and nobody inside another. */
    private final AtomicInteger wishes = new AtomicInteger();

    Gate(int most) {
        free = new AtomicInteger(most);
    }

    /** For origins that have no host, or none that we know of. */
    static Gate open() {
        return new Gate(Integer.MAX_VALUE);
    }

    /**
     * Runs it now, or on the thread of somebody who comes or leaves. Whoever was let in has to leave once.
     *
     * @param urgent whether it goes before those who wait already
     */
    void enter(Runnable visit, boolean urgent) {
        if (urgent) {
            waiting.addFirst(visit);
        } else {
            waiting.addLast(visit);
        }
        admit();
    }

    void leave() {
        free.incrementAndGet();
        admit();
    }

    private void admit() {
        if (wishes.getAndIncrement() > 0) {
            return;
        }
        int granted = 1;
        do {
            admitWhileFree();
            granted = wishes.addAndGet(-granted);
        } while (granted > 0);
    }

    private void admitWhileFree() {
        while (free.get() > 0) {
            Runnable next = waiting.poll();
            if (next == null) {
                return;
            }
            free.decrementAndGet();
            next.run();
        }
    }
}
