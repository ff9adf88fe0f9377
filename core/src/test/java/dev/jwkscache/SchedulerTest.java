package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.Behaviour;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a scheduler may do at the worst moment: end, or run a task before it has handed it over. */
class SchedulerTest {
    private Mood mood = Mood.FINE;
    /** That alarm rings on another thread, so to speak, while the one that set it has stopped. */
    private int alarmsUntilRing;

    private enum Mood {
        FINE,
        /** As a scheduler that is shut down between the queueing of a task and its return. */
        CANCELS_WHAT_IT_TAKES
    }

    @ParameterizedTest
    @EnumSource(Calling.class)
    void aCallerWhoseBoundIsCancelledIsAnsweredWhenTheFetchLands(Calling calling) {
        CompletableFuture<OriginResponse> answer = new CompletableFuture<>();
        try (Stage stage = stage(builder -> builder.origin(request -> answer))) {
            stage.cache.startAsync();
            mood = Mood.CANCELS_WHAT_IT_TAKES;
            Calling.Attempt<VerificationKey> attempt = calling.key(stage.cache, stage.kid(), Stage.ALG);
            assertThat(attempt.waits()).isTrue();
            mood = Mood.FINE;

            answer.complete(
                    new OriginResponse(200, Map.of(), stage.provider.document().getBytes(StandardCharsets.UTF_8)));

            assertThat(attempt.value().kid()).isEqualTo(stage.kid());
        }
    }

    @ParameterizedTest
    @EnumSource(Calling.class)
    void aCallerWhoseBoundIsCancelledIsAnsweredWhenTheCacheIsClosed(Calling calling) {
        try (Stage stage = stage(builder -> builder)) {
            stage.provider.behave(Behaviour.hangBeforeHeaders());
            stage.cache.startAsync();
            mood = Mood.CANCELS_WHAT_IT_TAKES;
            Calling.Attempt<VerificationKey> attempt = calling.key(stage.cache, "any", Stage.ALG);

            stage.cache.close();

            assertThat(attempt.failure()).hasMessageContaining("is closed");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void anAlarmThatRingsBeforeItIsInPlaceIsSetAgain(int which) {
        try (Stage stage = stage(builder -> builder)) {
            alarmsUntilRing = which;
            stage.cache.start();
            stage.time.advance(Stage.REFRESH);
            assertThat(stage.fetches()).isEqualTo(2);
            assertThat(alarmsUntilRing).as("it rang").isNotPositive();

            stage.time.advance(Stage.REFRESH);

            assertThat(stage.fetches()).isEqualTo(3);
        }
    }

    private Stage stage(UnaryOperator<JwksCache.Builder> settings) {
        return new Stage(settings, this::awkward);
    }

    private ScheduledExecutorService awkward(ScheduledExecutorService real) {
        return (ScheduledExecutorService) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ScheduledExecutorService.class},
                (proxy, method, arguments) -> {
                    Mood now = method.getName().equals("schedule") ? mood : Mood.FINE;
                    Object result = call(real, method, arguments);
                    if (now == Mood.CANCELS_WHAT_IT_TAKES) {
                        ((Future<?>) result).cancel(false);
                    }
                    if (method.getName().equals("schedule") && isAlarm(arguments) && --alarmsUntilRing == 0) {
                        ((Runnable) arguments[0]).run();
                        ((Future<?>) result).cancel(false);
                    }
                    return result;
                });
    }

    /** The end of a fetch is nearer. */
    private static boolean isAlarm(Object[] arguments) {
        return (long) arguments[1] > Stage.FETCH_TIMEOUT.toNanos();
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
