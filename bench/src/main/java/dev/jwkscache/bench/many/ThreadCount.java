package dev.jwkscache.bench.many;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** Looks every few milliseconds which threads there are that were not there before. */
final class ThreadCount extends Thread {
    private static final long NANOS_BETWEEN_LOOKS = 5_000_000;
    private static final int ROOM = 10_000;

    private final Set<Thread> before;
    private volatile List<String> most = List.of();

    ThreadCount() {
        super("thread-count");
        setDaemon(true);
        before = alive();
        before.add(this);
    }

    /** The names of the most that were there at one time. */
    List<String> most() {
        return most;
    }

    @Override
    public void run() {
        while (true) {
            List<String> added = alive().stream()
                    .filter(thread -> !before.contains(thread))
                    .map(Thread::getName)
                    .sorted()
                    .toList();
            if (added.size() > most.size()) {
                most = added;
            }
            LockSupport.parkNanos(NANOS_BETWEEN_LOOKS);
        }
    }

    private static Set<Thread> alive() {
        ThreadGroup root = currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Thread[] threads = new Thread[ROOM];
        root.enumerate(threads, true);
        return Arrays.stream(threads).filter(Objects::nonNull).collect(Collectors.toSet());
    }
}
