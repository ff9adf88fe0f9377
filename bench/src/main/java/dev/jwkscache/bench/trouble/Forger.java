package dev.jwkscache.bench.trouble;

import java.security.PublicKey;

/** A thread that asks for forged kids, each time another, as long as the flood lasts; how it fares is nobody's concern. */
final class Forger extends Thread {
    private final KeySource keys;
    private final Flood flood;
    private final int number;
    private final long startNanos;

    Forger(KeySource keys, Flood flood, int number, long startNanos) {
        super("forger-" + number);
        setDaemon(true);
        this.keys = keys;
        this.flood = flood;
        this.number = number;
        this.startNanos = startNanos;
    }

    @Override
    public void run() {
        long until = startNanos + flood.until().toNanos();
        long due = startNanos + flood.from().toNanos();
        for (int i = 0; !isInterrupted(); i++) {
            Caller.sleepUntil(due);
            if (System.nanoTime() - until >= 0) {
                return;
            }
            ask(Flood.kid(number, i));
            // Who was held up does not catch up: the rate is a bound.
            due = Math.max(due + flood.every().toNanos(), System.nanoTime());
        }
    }

    private void ask(String kid) {
        try {
            PublicKey key = keys.key(kid);
            if (key != null) {
                throw new AssertionError("a key for the forged kid " + kid);
            }
        } catch (Exception refused) {
            // As it should be.
        }
    }
}
