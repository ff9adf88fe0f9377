package dev.jwkscache.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.jwkscache.JwksCache;
import dev.jwkscache.KeysExpiredException;
import dev.jwkscache.UnknownKeyException;
import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import dev.jwkscache.testkit.VirtualTime;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtException;

/** In virtual time nothing ends by itself: whatever blocks the subscribing thread hangs, and the test with it. */
class ReactiveTokenProcessorTest {
    private final VirtualTime time = new VirtualTime();
    private final LeapingClock clock = new LeapingClock(time.wallClock());
    private final ScriptedProvider provider = ScriptedProvider.inMemory(time, "ES256");
    private final JwksCache cache = JwksCache.builder(provider.jwksUri())
            .time(clock, time.nanoTime(), time.scheduler())
            .staleWait(Duration.ofSeconds(1))
            .origin(request -> provider.exchange(Map.of())
                    .thenApply(answer -> new OriginResponse(answer.status(), answer.headers(), answer.body())))
            .build();
    private final ReactiveTokenProcessor processor = new ReactiveTokenProcessor(
            JwksCacheRegistry.of(cache, Map.of("default", cache)), Set.of(JWSAlgorithm.ES256, JWSAlgorithm.ES384));

    @AfterEach
    void close() {
        cache.close();
        provider.close();
    }

    private CompletableFuture<JWTClaimsSet> process(String token) throws ParseException {
        return processor.convert(SignedJWT.parse(token)).toFuture();
    }

    @Test
    void aKnownKeyIsUsedOnTheSubscribingThread() throws Exception {
        cache.start();
        AtomicReference<Thread> thread = new AtomicReference<>();

        processor.convert(SignedJWT.parse(provider.token())).subscribe(claims -> thread.set(Thread.currentThread()));

        assertThat(thread).hasValue(Thread.currentThread());
    }

    /** A second look would find the keys expired, and wait. */
    @Test
    void theCacheIsLookedAtOnceForEachToken() throws Exception {
        cache.start();
        provider.behave(Behaviour.hangBeforeHeaders());

        clock.leapAfterOneReading();
        CompletableFuture<JWTClaimsSet> claims = process(provider.token());

        assertThat(claims).isCompleted();
        assertThat(clock.instant()).isAfter(time.wallClock().instant().plusSeconds(3600));
    }

    @Test
    void nobodyBlocksForAKeyThatHasToBeFetched() throws Exception {
        cache.start();
        provider.rotate();
        provider.behaveOnce(Behaviour.hangBeforeHeaders());

        CompletableFuture<JWTClaimsSet> pending = process(provider.token());

        assertThat(pending).isNotDone();
        time.advance(Duration.ofSeconds(2));
        assertThat(failure(pending)).isInstanceOf(BadJwtException.class).hasCauseInstanceOf(UnknownKeyException.class);

        time.advance(Duration.ofSeconds(30));
        assertThat(process(provider.token()).join().getIssuer())
                .isEqualTo(provider.issuer().toString());
    }

    @Test
    void whatFollowsAFetchIsNoWorkForTheThreadsOfTheCache() throws Exception {
        cache.start();
        provider.rotate();
        provider.behaveOnce(Behaviour.drip(1_000, Duration.ofMillis(100)));
        CompletableFuture<Thread> thread = processor
                .convert(SignedJWT.parse(provider.token()))
                .map(claims -> Thread.currentThread())
                .toFuture();
        assertThat(thread).isNotDone();

        time.advance(Duration.ofSeconds(1));

        assertThat(thread.join().getName()).startsWith("parallel-");
    }

    @Test
    void nobodyBlocksForStaleKeysThoughTheSettingsWantAWait() throws Exception {
        cache.start();
        String token = provider.token();
        provider.behave(Behaviour.hangBeforeHeaders());
        time.advance(Duration.ofMinutes(11));

        CompletableFuture<JWTClaimsSet> pending = process(token);
        time.advance(Duration.ofSeconds(1));

        assertThat(pending.join().getIssuer()).isEqualTo(provider.issuer().toString());
    }

    @Test
    void aKeyThatWasWithdrawnIsRefusedWithoutBlockingAnybody() throws Exception {
        cache.start();
        SigningKey old = provider.current("ES256");
        provider.rotate();
        provider.withdraw(old);
        CompletableFuture<?> refreshed = cache.refresh();
        time.runDue();
        refreshed.join();
        provider.behave(Behaviour.hangBeforeHeaders());
        time.advance(Duration.ofSeconds(20));

        CompletableFuture<JWTClaimsSet> pending = process(provider.tokenSignedBy(old, Map.of()));
        time.advance(Duration.ofSeconds(2));

        assertThat(failure(pending)).isInstanceOf(BadJwtException.class);
    }

    @Test
    void expiredKeysAreOursAndForgedTokensTheirs() throws Exception {
        cache.start();
        String token = provider.token();
        String forged = token.substring(0, token.lastIndexOf('.'))
                + provider.forgedToken().substring(provider.forgedToken().lastIndexOf('.'));
        assertThat(failure(process(forged))).isInstanceOf(BadJwtException.class);

        provider.behave(Behaviour.refuse());
        time.advance(Duration.ofMinutes(61));

        assertThat(failure(process(token)))
                .isInstanceOf(JwtException.class)
                .isNotInstanceOf(BadJwtException.class)
                .hasCauseInstanceOf(KeysExpiredException.class);
        ScriptedProvider other = ScriptedProvider.inMemory(time, "RS256");
        assertThat(failure(process(other.token()))).isInstanceOf(BadJwtException.class);
    }

    private static Throwable failure(CompletableFuture<?> future) {
        return future.handle((value, failure) -> failure).join();
    }

    /** Two hours late from its second reading on. */
    private static final class LeapingClock extends Clock {
        private final Clock clock;
        private int readingsLeft = Integer.MAX_VALUE;

        LeapingClock(Clock clock) {
            this.clock = clock;
        }

        void leapAfterOneReading() {
            readingsLeft = 1;
        }

        @Override
        public Instant instant() {
            readingsLeft = Math.max(-1, readingsLeft - 1);
            return readingsLeft < 0 ? clock.instant().plus(Duration.ofHours(2)) : clock.instant();
        }

        @Override
        public ZoneId getZone() {
            return clock.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }
}
