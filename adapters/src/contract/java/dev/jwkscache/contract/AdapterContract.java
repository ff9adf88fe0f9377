package dev.jwkscache.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.real.Eventually;
import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksException;
import dev.jwkscache.KeysExpiredException;
import dev.jwkscache.KeysUnavailableException;
import dev.jwkscache.UnknownKeyException;
import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import dev.jwkscache.testkit.VirtualTime;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a service may rely on, whatever library it verifies with: real tokens of a provider on a real socket, through the
 * library's own parser.
 */
public abstract class AdapterContract {
    private final MovableClock clock = new MovableClock();
    private final ScheduledExecutorService work = Executors.newScheduledThreadPool(2);
    private ScriptedProvider provider;

    /** What a service answers. */
    private enum Answer {
        ACCEPTED,
        UNAUTHORIZED,
        UNAVAILABLE
    }

    private record Result(Answer answer, @Nullable Throwable thrown) {

        /** The outcome of the cache somewhere among the causes. */
        @Nullable
        JwksException reason() {
            Throwable cause = thrown;
            while (cause != null && !(cause instanceof JwksException)) {
                cause = cause.getCause();
            }
            return (JwksException) cause;
        }
    }

    /**
     * Makes the library's parser, which accepts tokens of just that algorithm.
     *
     * @param settings of a cache that is to be started, whether there are keys or not
     */
    protected abstract Verification open(Settings settings, String alg) throws Exception;

    /** Tells from what the library threw whether a service answers 503, in the way in which the README shows it. */
    protected abstract boolean isOurs(Exception thrown);

    /** Whether the library tries each key that fits a token without kid. */
    protected abstract boolean triesCandidates();

    /** Whether the adapter waits for the key of a new kid; one that does not refuses its first token as «ours». */
    protected boolean waits() {
        return true;
    }

    /** Claims that the library's parser wants beside the usual ones. */
    protected Map<String, Object> claims() {
        return Map.of();
    }

    /** Where the keys are, and how a cache is told of it. */
    public record Settings(URI jwksUri, Function<URI, JwksCache.Builder> builder) {

        /** A cache that was started, for those who make it themselves. */
        public JwksCache cache() {
            JwksCache cache = builder.apply(jwksUri).build();
            cache.startAsync();
            return cache;
        }
    }

    @BeforeEach
    public void startProvider() {
        provider = ScriptedProvider.start("RS256");
    }

    @AfterEach
    public void stop() {
        provider.close();
        work.shutdownNow();
    }

    /** The provider of this test. */
    protected ScriptedProvider provider() {
        return provider;
    }

    /** Settings for that provider, in the time of this test. */
    protected Settings settings() {
        return new Settings(provider.jwksUri(), uri -> JwksCache.builder(uri).time(clock, System::nanoTime, work));
    }

    /** Algorithms that the library verifies, as the test kit calls them. */
    protected static Stream<String> rsaAndEc() {
        return Stream.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    public void aTokenOfAKnownKeyIsAcceptedAndAnAlteredOneIsNot(String alg) throws Exception {
        SigningKey key = provider.addKey(alg);
        String token = provider.token(alg, claims());
        try (Verification verification = open(settings(), key.joseAlgorithm())) {
            assertThat(answer(verification, token).answer()).isEqualTo(Answer.ACCEPTED);

            Result altered = answer(verification, Tokens.altered(token));
            assertThat(altered.answer()).isEqualTo(Answer.UNAUTHORIZED);
            assertThat(altered.reason()).isNull();
        }
    }

    @Test
    public void theFirstTokenOfANewKidFindsItsKey() throws Exception {
        try (Verification verification = open(settings(), "RS256")) {
            load(verification);
            provider.rotate();
            String token = provider.token("RS256", claims());

            if (waits()) {
                assertThat(answer(verification, token).answer()).isEqualTo(Answer.ACCEPTED);
            } else {
                assertThat(answer(verification, token).answer()).isEqualTo(Answer.UNAVAILABLE);
                Eventually.check(
                        () -> assertThat(answer(verification, token).answer()).isEqualTo(Answer.ACCEPTED));
            }
            assertThat(provider.requestCount()).isEqualTo(2);
        }
    }

    @Test
    public void anUnknownKidIsABadTokenAndItsCauseIsKept() throws Exception {
        try (Verification verification = open(settings(), "RS256")) {
            load(verification);
            settle(verification, provider.forgedToken());

            Result forged = answer(verification, provider.forgedToken());

            assertThat(forged.answer()).isEqualTo(Answer.UNAUTHORIZED);
            assertThat(forged.reason()).isInstanceOf(UnknownKeyException.class);
            assertThat(provider.requestCount()).isEqualTo(2);
        }
    }

    @Test
    public void aKeyOfAnotherProviderUnderAKnownKidIsABadToken() throws Exception {
        try (ScriptedProvider attacker = ScriptedProvider.start("RS256");
                Verification verification = open(settings(), "RS256")) {
            SigningKey own = attacker.addKey("RS256", provider.current("RS256").kid());

            Result forged = answer(verification, provider.tokenSignedBy(own, claims()));

            assertThat(forged.answer()).isEqualTo(Answer.UNAUTHORIZED);
            assertThat(forged.reason()).isNull();
        }
    }

    @Test
    public void aPublicKeyIsNoSecretAndNoneIsNoAlgorithm() throws Exception {
        SigningKey key = provider.current("RS256");
        String token = provider.token("RS256", claims());
        try (Verification verification = open(settings(), "RS256")) {
            assertThat(answer(verification, token).answer()).isEqualTo(Answer.ACCEPTED);

            assertThat(answer(verification, Tokens.hs256(token, key)).answer()).isEqualTo(Answer.UNAUTHORIZED);
            assertThat(answer(verification, Tokens.unsigned(token, key)).answer())
                    .isEqualTo(Answer.UNAUTHORIZED);

            assertThat(provider.requestCount()).isEqualTo(1);
        }
    }

    @Test
    public void anAlgorithmThatIsNotAcceptedIsABadTokenAndAsksNobody() throws Exception {
        provider.addKey("ES256");
        String token = provider.token("ES256", claims());
        try (Verification other = open(settings(), "ES256")) {
            assertThat(answer(other, token).answer()).isEqualTo(Answer.ACCEPTED);
        }
        provider.clearRequests();
        try (Verification verification = open(settings(), "RS256")) {
            load(verification);
            assertThat(answer(verification, token).answer()).isEqualTo(Answer.UNAUTHORIZED);
            assertThat(answer(verification, provider.tokenSignedBy(strange("ES256"), claims()))
                            .answer())
                    .isEqualTo(Answer.UNAUTHORIZED);
            assertThat(provider.requestCount()).isEqualTo(1);
        }
    }

    @Test
    public void ofTwoAlgorithmsUnderOneKidEachFindsItsKey() throws Exception {
        provider.addKey("ES256", "shared");
        provider.addKey("RS256", "shared");
        provider.addKey("PS256", "shared");
        for (String alg : new String[] {"ES256", "RS256", "PS256"}) {
            try (Verification verification = open(settings(), alg)) {
                assertThat(answer(verification, provider.token(alg, claims())).answer())
                        .as(alg)
                        .isEqualTo(Answer.ACCEPTED);
            }
        }
    }

    @Test
    public void aTokenWithoutKidIsVerifiedWithTheOnlyKeyThatFits() throws Exception {
        provider.addKey("ES256", null);
        try (Verification verification = open(settings(), "ES256")) {
            assertThat(answer(verification, provider.token("ES256", claims())).answer())
                    .isEqualTo(Answer.ACCEPTED);
        }
    }

    @Test
    public void aTokenWithoutKidThatSeveralKeysFitIsTriedWithAllOrRefused() throws Exception {
        SigningKey first = provider.current("RS256");
        SigningKey second = provider.rotate();
        String token = provider.token("RS256", claims());
        try (Verification verification = open(settings(), "RS256")) {
            Answer expected = triesCandidates() ? Answer.ACCEPTED : Answer.UNAUTHORIZED;
            assertThat(answer(verification, Tokens.withoutKid(token, first)).answer())
                    .isEqualTo(expected);
            assertThat(answer(verification, Tokens.withoutKid(token, second)).answer())
                    .isEqualTo(expected);
            assertThat(answer(verification, Tokens.altered(Tokens.withoutKid(token, second)))
                            .answer())
                    .isEqualTo(Answer.UNAUTHORIZED);
        }
    }

    @Test
    public void aTokenThatIsNoneIsABadToken() throws Exception {
        try (Verification verification = open(settings(), "RS256")) {
            for (String token : new String[] {"", "x", "a.b.c", "e30.e30.", "..", "\u0000.\n.x"}) {
                assertThat(answer(verification, token).answer()).as(token).isEqualTo(Answer.UNAUTHORIZED);
            }
        }
    }

    @Test
    public void inAnOutageKnownKeysGoOnAndForgedTokensStayBadTokens() throws Exception {
        String token = provider.token("RS256", claims());
        try (Verification verification = open(settings(), "RS256")) {
            assertThat(answer(verification, token).answer()).isEqualTo(Answer.ACCEPTED);
            provider.behave(Behaviour.refuse());
            clock.pass(Duration.ofMinutes(45));

            assertThat(answer(verification, token).answer()).isEqualTo(Answer.ACCEPTED);
            assertThat(answer(verification, Tokens.altered(token)).answer()).isEqualTo(Answer.UNAUTHORIZED);
            settle(verification, provider.forgedToken());
            Result forged = answer(verification, provider.forgedToken());
            assertThat(forged.answer()).isEqualTo(Answer.UNAUTHORIZED);
            assertThat(forged.reason()).isInstanceOf(UnknownKeyException.class);
        }
    }

    @Test
    public void expiredKeysAreNotTheFaultOfTheToken() throws Exception {
        String token = provider.token("RS256", claims());
        try (Verification verification = open(settings(), "RS256")) {
            assertThat(answer(verification, token).answer()).isEqualTo(Answer.ACCEPTED);
            provider.behave(Behaviour.refuse());
            clock.pass(Duration.ofMinutes(61));

            settle(verification, token);
            Result refused = answer(verification, token);
            assertThat(refused.answer()).isEqualTo(Answer.UNAVAILABLE);
            assertThat(refused.reason()).isInstanceOf(KeysExpiredException.class);

            Result forged = answer(verification, Tokens.unsigned(token, provider.current("RS256")));
            assertThat(forged.answer()).isEqualTo(Answer.UNAUTHORIZED);
        }
    }

    @Test
    public void keysThatWereNeverThereAreNotTheFaultOfTheToken() throws Exception {
        provider.behave(Behaviour.status(500));
        try (Verification verification = open(settings(), "RS256")) {
            settle(verification, provider.token("RS256", claims()));
            Result refused = answer(verification, provider.token("RS256", claims()));
            assertThat(refused.answer()).isEqualTo(Answer.UNAVAILABLE);
            assertThat(refused.reason()).isInstanceOf(KeysUnavailableException.class);
        }
    }

    /** From one refresh to the next, in no time. */
    @Test
    public void aKeyThatIsWithdrawnIsRefusedFromTheNextRefreshOn() throws Exception {
        // Before the libraries' own clock, so that no token is from the future.
        VirtualTime time = new VirtualTime(Instant.now().minus(Duration.ofMinutes(10)));
        try (ScriptedProvider inMemory = ScriptedProvider.inMemory(time, "RS256")) {
            SigningKey old = inMemory.current("RS256");
            Settings virtual = new Settings(
                    inMemory.jwksUri(),
                    uri -> JwksCache.builder(uri)
                            .missWait(Duration.ZERO)
                            .time(time.wallClock(), time.nanoTime(), time.scheduler())
                            .origin(request -> inMemory.exchange(Map.of())
                                    .thenApply(
                                            answer -> new OriginResponse(answer.status(), Map.of(), answer.body()))));
            String token = inMemory.tokenSignedBy(old, claims());
            try (Verification verification = opened(virtual, "RS256", time)) {
                inMemory.rotate();
                inMemory.withdraw(old);
                assertThat(answer(verification, token).answer()).isEqualTo(Answer.ACCEPTED);

                time.advance(Duration.ofSeconds(331));

                assertThat(answer(verification, token).answer()).isEqualTo(Answer.UNAUTHORIZED);
                assertThat(answer(verification, inMemory.token("RS256", claims()))
                                .answer())
                        .isEqualTo(Answer.ACCEPTED);
            }
        }
    }

    /** Opens a parser while another thread's fetch needs the hand that moves time. */
    private Verification opened(Settings virtual, String alg, VirtualTime time) throws Exception {
        CompletableFuture<Verification> opening = CompletableFuture.supplyAsync(() -> {
            try {
                return open(virtual, alg);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        while (!opening.isDone()) {
            time.runDue();
            Thread.onSpinWait();
        }
        time.runDue();
        return opening.get();
    }

    private Result answer(Verification verification, String token) {
        try {
            verification.verify(token);
            return new Result(Answer.ACCEPTED, null);
        } catch (Exception thrown) {
            return new Result(isOurs(thrown) ? Answer.UNAVAILABLE : Answer.UNAUTHORIZED, thrown);
        }
    }

    /** Has the keys of the provider loaded. */
    private void load(Verification verification) {
        assertThat(answer(verification, provider.token("RS256", claims())).answer())
                .isEqualTo(Answer.ACCEPTED);
    }

    /** Lets the fetch end that this token starts, for those who do not wait for it. */
    private void settle(Verification verification, String token) throws Exception {
        if (!waits()) {
            Eventually.check(
                    () -> assertThat(answer(verification, token).reason()).isNotNull());
        }
    }

    private static SigningKey strange(String alg) {
        try (ScriptedProvider other = ScriptedProvider.start(alg)) {
            return other.current(alg);
        }
    }
}
