package dev.jwkscache.bench.soak;

import dev.jwkscache.testkit.Behaviour;
import java.net.URI;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * One way for the provider to answer, and what the contract says that such an answer is worth.
 *
 * @param name the kind, for the closing table
 * @param behaviour what the test kit does
 * @param content which keys a complete answer with status 200 holds
 * @param timely whether a request gets a good answer before the fetch timeout
 */
record Fault(String name, Behaviour behaviour, Content content, boolean timely) {

    /** What stands in an answer with status 200. */
    enum Content {
        /** What the provider publishes. */
        PUBLISHED,
        /** The provider's own keys and entries that nobody can use. */
        OWN,
        /** The provider's own keys and one that is usable but foreign. */
        OWN_AND_STRANGER,
        /** Nothing that may replace a set (DESIGN 2.4). */
        WORTHLESS
    }

    static final Fault NONE = good("healthy", Behaviour.healthy());

    private static final String[] HINTS = {
        "max-age=1", "max-age=45", "max-age=604800", "no-cache", "no-store, max-age=0", "public, max-age=120", "garbage"
    };

    /** Draws a healthy answer in one of its many forms. */
    static Fault drawHealthy(SplittableRandom random, Rules rules) {
        return switch (random.nextInt(12)) {
            case 0, 1 -> good("ETag", Behaviour.withEtag());
            case 2 -> good("Last-Modified", Behaviour.withLastModified());
            case 3 -> good("Cache-Control", Behaviour.withEtag().cacheControl(HINTS[random.nextInt(HINTS.length)]));
            case 4 ->
                good(
                        "Cache-Control",
                        Behaviour.healthy()
                                .cacheControl("max-age=" + random.nextInt(1, 4000))
                                .header("Age", Integer.toString(random.nextInt(100))));
            case 5, 6, 7 -> {
                long most = rules.fetchTimeout().toMillis();
                yield good("slow", Behaviour.healthy().slow(Duration.ofMillis(random.nextLong(1, Math.max(2, most)))));
            }
            case 8 -> new Fault("one bad key", Behaviour.oneBadKey(), Content.OWN, true);
            case 9 -> new Fault("unknown kty", Behaviour.unknownKty(), Content.OWN, true);
            default -> NONE;
        };
    }

    /** Draws an answer that is worth nothing, or comes too late, or may. */
    static Fault draw(SplittableRandom random, Rules rules) {
        return switch (random.nextInt(25)) {
            case 0 -> bad("refused", Behaviour.refuse());
            case 1 -> bad("reset", Behaviour.reset());
            case 2, 3 -> bad("hang before headers", Behaviour.hangBeforeHeaders());
            case 4, 5 -> bad("hang in body", Behaviour.hangInBody());
            case 6 -> drip(random);
            case 7 -> bad("status 500", Behaviour.status(500));
            case 8 -> bad("status 404", Behaviour.status(404));
            case 9, 10 -> bad("429 Retry-After", Behaviour.tooManyRequests(seconds(random, 120)));
            case 11 -> bad("503 Retry-After", Behaviour.status(503, seconds(random, 4000)));
            case 12 -> bad("html", Behaviour.html());
            case 13 -> bad("empty set", Behaviour.emptySet());
            case 14 -> bad("no keys", Behaviour.noKeys());
            case 15 -> bad("json array", Behaviour.jsonArray());
            case 16 -> bad("truncated", Behaviour.truncated());
            case 17 -> bad("cut off", Behaviour.cutOff());
            case 18 -> bad("only encryption keys", Behaviour.onlyEncryptionKeys());
            case 19 -> bad("oversize", Behaviour.oversize((1 << 20) + 1));
            case 20 -> bad("deep nesting", Behaviour.deepNesting(random.nextInt(1, 20_000)));
            case 21 -> bad("redirect", Behaviour.redirectTo(URI.create("https://elsewhere.test/jwks.json")));
            // The keys are in it, but with a status that confirms nothing.
            case 22 -> bad("status 203", Behaviour.status(203));
            case 23 -> new Fault("304 unasked", Behaviour.status(304), Content.WORTHLESS, false);
            default -> {
                Duration late = rules.fetchTimeout().plusMillis(random.nextLong(1, 60_000));
                Behaviour inner = random.nextBoolean() ? Behaviour.healthy() : Behaviour.status(500);
                Content content = inner.equals(Behaviour.healthy()) ? Content.PUBLISHED : Content.WORTHLESS;
                yield new Fault("too slow", inner.slow(late), content, false);
            }
        };
    }

    private static Fault drip(SplittableRandom random) {
        Behaviour drip = Behaviour.drip(random.nextInt(1, 200), Duration.ofMillis(random.nextInt(1, 300)));
        return new Fault("drip", drip, Content.PUBLISHED, false);
    }

    private static Duration seconds(SplittableRandom random, int most) {
        return Duration.ofSeconds(random.nextInt(most));
    }

    private static Fault good(String name, Behaviour behaviour) {
        return new Fault(name, behaviour, Content.PUBLISHED, true);
    }

    private static Fault bad(String name, Behaviour behaviour) {
        return new Fault(name, behaviour, Content.WORTHLESS, false);
    }
}
