package dev.jwkscache;

import static dev.jwkscache.Stage.ALG;
import static dev.jwkscache.Stage.REFRESH;
import static dev.jwkscache.Stage.kid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.JwksCacheListener.KeyFirstUsed;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import dev.jwkscache.testkit.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long before its first use a key was published: how safely a provider rotates. */
class KeyUseTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Stage stage = Stage.started();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void aKeyPublishedAheadIsToldWithTheTimeItWasAtHandBeforeItsFirstLookup() {
        SigningKey next = published();
        stage.time.advance(MINUTE);

        stage.cache.key(kid(next), ALG);

        KeyFirstUsed event = only();
        assertThat(event.lead()).isEqualTo(MINUTE);
        assertThat(event.key().kid()).hasValue(kid(next));
        assertThat(event.address()).isEqualTo(stage.provider.jwksUri());
    }

    @Test
    void aKeyThatAMissHadToFetchHasNoLead() {
        SigningKey next = stage.provider.rotate(ALG);

        stage.cache.key(kid(next), ALG);

        assertThat(only().lead()).isZero();
    }

    @Test
    void itIsToldOnceWhoeverComesNext() {
        SigningKey next = published();

        stage.cache.key(kid(next), ALG);
        stage.time.advance(MINUTE);
        stage.cache.key(kid(next), ALG);
        stage.cache.keys(kid(next), ALG);
        stage.time.advance(REFRESH);
        stage.cache.key(kid(next), ALG);

        assertThat(only().lead()).isZero();
    }

    @Test
    void everyKindOfLookupWithAKidCountsAndNoneWithout() {
        for (int kind = 0; kind < 3; kind++) {
            SigningKey next = published();
            stage.cache.keys(null, ALG);
            stage.cache.key("", ALG);
            assertThat(stage.events.firstUsed).hasSize(kind);

            switch (kind) {
                case 0 -> stage.cache.key(kid(next), ALG);
                case 1 -> stage.cache.keys(kid(next), ALG);
                default -> stage.cache.keyAsync(kid(next), ALG).join();
            }
            assertThat(stage.events.firstUsed).hasSize(kind + 1);
        }
    }

    @Test
    void anAlgorithmThatTheKeyIsNotForIsNoUse() {
        SigningKey next = published();

        stage.cache.keyAsync(kid(next), "RS256");

        assertThat(stage.events.firstUsed).isEmpty();
    }

    @Test
    void keysOfTheFirstSetAreNotToldNorThoseAfterAPurge() {
        stage.cache.key(stage.kid(), ALG);
        SigningKey next = published();
        stage.cache.purge();
        stage.time.advance(MINUTE);

        stage.cache.key(stage.kid(), ALG);
        stage.cache.key(kid(next), ALG);

        assertThat(stage.events.firstUsed).isEmpty();
    }

    @Test
    void theTimeCountsFromTheFirstSetThatHadTheKeyThroughAllThatFollow() {
        SigningKey next = published();
        published();
        published();

        stage.cache.key(kid(next), ALG);

        assertThat(only().lead()).isEqualTo(REFRESH.multipliedBy(2));
    }

    @Test
    void aKeyThatWasWithdrawnAndComesBackIsNewAgain() {
        SigningKey next = published();
        String both = stage.provider.document();
        stage.provider.withdraw(next);
        stage.cache.refresh().join();
        stage.time.advance(MINUTE);
        stage.provider.publish(both);
        stage.cache.refresh().join();
        stage.time.advance(MINUTE);

        stage.cache.key(kid(next), ALG);

        assertThat(only().lead()).isEqualTo(MINUTE);
    }

    @Test
    void newMaterialUnderAnOldKidIsANewKey() {
        SigningKey before = stage.provider.current(ALG);
        stage.provider.withdraw(before);
        stage.provider.addKey(ALG, kid(before));
        stage.cache.refresh().join();
        stage.time.advance(MINUTE);

        stage.cache.key(kid(before), ALG);

        assertThat(only().lead()).isEqualTo(MINUTE);
    }

    /** An RSA key serves six algorithms, and whoever asks for the second is not the first to use it. */
    @Test
    void aKeyOfSeveralAlgorithmsIsToldOnce() throws Exception {
        KeyUse use = new KeyUse();
        JwkSet after = set("RS256", "PS256");
        use.arrived(set("ES256"), after, at(0));
        String kid = after.kids().iterator().next();

        List<KeyUse.FirstUse> first = new ArrayList<>();
        for (String alg : after.keys().get(0).algorithms()) {
            Fitting found = after.fitting(kid, alg);
            first.addAll(use.used(found, at(5)));
            assertThat(found.noteworthy()).isFalse();
        }

        assertThat(first)
                .singleElement()
                .satisfies(one -> assertThat(one.lead()).isEqualTo(Duration.ofNanos(5)));
    }

    @Test
    void itRemembersNoMoreThanWhatTheSetHas() throws Exception {
        KeyUse use = new KeyUse();
        JwkSet before = set("ES256");
        for (int i = 0; i < 50; i++) {
            JwkSet after = set("ES256", "ES256");
            use.arrived(before, after, at(i));
            before = after;
        }

        assertThat(use.size()).isEqualTo(2);
        use.arrived(null, before, at(60));
        assertThat(use.size()).isZero();
    }

    @Test
    void ofManyThreadsThatLookAtTheSameMomentOneIsTheFirst() throws Exception {
        int threads = 8;
        for (int round = 0; round < 100; round++) {
            KeyUse use = new KeyUse();
            JwkSet after = set("ES256");
            use.arrived(set("ES256"), after, at(0));
            Fitting found = after.fitting(after.kids().iterator().next(), ALG);
            ConcurrentLinkedQueue<KeyUse.FirstUse> told = new ConcurrentLinkedQueue<>();
            CyclicBarrier together = new CyclicBarrier(threads);
            List<Thread> lookups = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                Thread lookup = new Thread(() -> {
                    try {
                        together.await();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                    if (found.noteworthy()) {
                        told.addAll(use.used(found, at(1)));
                    }
                });
                lookups.add(lookup);
                lookup.start();
            }
            for (Thread lookup : lookups) {
                lookup.join();
            }
            assertThat(told).hasSize(1);
        }
    }

    /** A key that the schedule has brought and nobody has looked up. */
    private SigningKey published() {
        SigningKey next = stage.provider.addKey(ALG);
        stage.time.advance(REFRESH);
        assertThat(stage.cache.status().kids()).contains(kid(next));
        return next;
    }

    private KeyFirstUsed only() {
        assertThat(stage.events.firstUsed).hasSize(1);
        return stage.events.firstUsed.get(0);
    }

    private static Moment at(long nanos) {
        return new Moment(nanos, 0);
    }

    private static JwkSet set(String... algorithms) throws FetchException {
        try (ScriptedProvider provider = ScriptedProvider.inMemory(new VirtualTime(), algorithms)) {
            return new JwkSetParser(KeyRules.STANDARD).parse(provider.document().getBytes(StandardCharsets.UTF_8));
        }
    }
}
