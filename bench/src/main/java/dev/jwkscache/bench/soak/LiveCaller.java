package dev.jwkscache.bench.soak;

import dev.jwkscache.JwkSet;
import dev.jwkscache.KeysExpiredException;
import dev.jwkscache.KeysUnavailableException;
import dev.jwkscache.UnknownKeyException;
import dev.jwkscache.VerificationKey;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One of the callers of a live cache: asks at its own pace and has every answer judged. */
final class LiveCaller implements Runnable {
    /** Far above the longest wait that the settings allow, because the machine may be busy. */
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final LiveLife life;
    private final Subject cache;
    private final SplittableRandom random;

    LiveCaller(LiveLife life, Subject cache, SplittableRandom random) {
        this.life = life;
        this.cache = cache;
        this.random = random;
    }

    @Override
    public void run() {
        try {
            while (!life.over) {
                ask();
                Thread.sleep(random.nextLong(5, 25));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable thrown) {
            life.verdicts.forbidden("a lookup", thrown.toString(), "a key or one of the three refusals");
        }
    }

    private void ask() {
        switch (random.nextInt(10)) {
            case 0 -> {
                for (int i = random.nextInt(1, 6); i > 0; i--) {
                    lookup("forged", null, "forged-" + random.nextLong(), "ES256");
                }
            }
            case 1 -> lookup("without kid", null, null, "ES256");
            case 2, 3 -> lookup("withdrawn", any(life.gone));
            case 4 -> lookup("whole set", null, null, null);
            default -> lookup("published", any(life.current));
        }
    }

    private void lookup(String kind, @Nullable LiveKey key) {
        if (key != null) {
            lookup(kind, key, key.key.kid(), key.key.joseAlgorithm());
        }
    }

    private @Nullable LiveKey any(List<LiveKey> keys) {
        Object[] now = keys.toArray();
        return now.length == 0 ? null : (LiveKey) now[random.nextInt(now.length)];
    }

    private void lookup(String kind, @Nullable LiveKey key, @Nullable String kid, @Nullable String alg) {
        Ask ask = new Ask(kind, kid, alg);
        LiveModel.Question question = life.model.new Question();
        @Nullable String fault;
        Object answer;
        try {
            answer = alg == null ? cache.get() : answer(question, key, kid, alg);
            fault = answer instanceof JwkSet ? null : fault(question, (List<?>) answer);
            life.tally.lookup(kind, answer instanceof JwkSet ? "set" : "key");
        } catch (UnknownKeyException unknown) {
            answer = unknown;
            fault = question.faultOfUnknown(key);
            life.tally.lookup(kind, "unknown key");
        } catch (KeysUnavailableException unavailable) {
            answer = unavailable;
            fault = life.over ? null : question.faultOfUnavailable();
            life.tally.lookup(kind, "unavailable");
        } catch (KeysExpiredException expired) {
            answer = expired;
            fault = question.faultOfExpired();
            life.tally.lookup(kind, "expired");
        }
        if (fault == null && question.elapsed() > LONGEST.toNanos()) {
            fault = "an answer within a fraction of a second";
        }
        if (fault != null) {
            life.note(ask + " is answered " + answer);
            life.verdicts.forbidden(ask + " of " + key, answer + " after " + question.elapsed() + " ns", fault);
        }
    }

    private List<VerificationKey> answer(
            LiveModel.Question question, @Nullable LiveKey key, @Nullable String kid, String alg) {
        if (random.nextBoolean()) {
            return cache.keys(kid, alg);
        }
        CompletableFuture<VerificationKey> future = cache.keyAsync(kid, alg);
        boolean done = future.isDone();
        if (!done && question.atOnce(key)) {
            life.verdicts.forbidden("key of " + key, "an answer that is still to come", "at once: the key is at hand");
        }
        return done ? List.of(cache.key(kid, alg)) : cache.keys(kid, alg);
    }

    private static @Nullable String fault(LiveModel.Question question, List<?> answers) {
        for (Object answer : answers) {
            String fault = question.faultOfKey((VerificationKey) answer);
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }
}
