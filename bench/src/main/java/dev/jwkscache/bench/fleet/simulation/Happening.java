package dev.jwkscache.bench.fleet.simulation;

import java.time.Duration;

/** Something that happens to the fleet of a simulated day. */
sealed interface Happening {
    Duration from();

    /** How long it lasts; what follows from it may last longer. */
    Duration lasts();

    /** For tables. */
    String label();

    default Duration until() {
        return from().plus(lasts());
    }

    /** Every instance begins, or is replaced by a new one, at a moment of its own. */
    record Deploy(String label, Duration from, Duration lasts) implements Happening {}

    /** The provider is not what it should be. */
    record ProviderTrouble(ProviderFault kind, Duration from, Duration lasts) implements Happening {
        enum ProviderFault {
            /** Connections are refused. */
            REFUSING,
            /** Nothing ever comes back. */
            HANGING,
            /** 429, and the wish to be left alone for two minutes. */
            TOO_MANY_REQUESTS
        }

        @Override
        public String label() {
            String what = switch (kind) {
                case REFUSING -> "provider refuses connections";
                case HANGING -> "provider hangs";
                case TOO_MANY_REQUESTS -> "provider answers 429, Retry-After 120 s";
            };
            return what + ", " + lasts.toMinutes() + " min";
        }
    }

    /** A new key is published; each instance gets a first token with it at a moment of its own. */
    record Rotation(Duration from, Duration lasts) implements Happening {
        @Override
        public String label() {
            return "rotation";
        }
    }

    /** Every instance gets a token with a forged kid again and again. */
    record Flood(Duration from, Duration lasts, Duration every) implements Happening {
        @Override
        public String label() {
            return "forged kids, one each " + every.toSeconds() + " s at each instance, " + lasts.toMinutes() + " min";
        }
    }

    /** The shared store is away. */
    record StoreTrouble(StoreFault kind, Duration from, Duration lasts) implements Happening {
        enum StoreFault {
            /** Connections are refused: every call fails at once. */
            REFUSING,
            /** Calls fail when their time is over. */
            HANGING
        }

        @Override
        public String label() {
            return "store " + (kind == StoreFault.REFUSING ? "away" : "hangs") + ", " + lasts.toMinutes() + " min";
        }
    }
}
