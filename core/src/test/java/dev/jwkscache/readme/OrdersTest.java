package dev.jwkscache.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.JwksCache;
import dev.jwkscache.spi.OriginResponse;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.VirtualTime;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

// What follows is in the test kit's README, to the letter.
class OrdersTest {
    private final VirtualTime time = new VirtualTime();
    private final ScriptedProvider provider = ScriptedProvider.inMemory(time, "RS256");
    private final JwksCache cache = JwksCache.builder(provider.jwksUri())
            .time(time.wallClock(), time.nanoTime(), time.scheduler())
            .origin(request -> provider.exchange(Map.of())
                    .thenApply(answer -> new OriginResponse(answer.status(), answer.headers(), answer.body())))
            .build();
    private final Orders orders = new Orders(cache);

    @Test
    void rotationOutageRecovery() {
        cache.start();
        assertThat(orders.status(provider.token())).isEqualTo(200);

        provider.rotate();
        assertThat(orders.status(provider.token())).isEqualTo(200);

        provider.behave(Behaviour.refuse());
        time.advance(Duration.ofMinutes(59));
        assertThat(orders.status(provider.token())).isEqualTo(200);
        assertThat(orders.status(provider.forgedToken())).isEqualTo(401);

        time.advance(Duration.ofMinutes(6));
        assertThat(orders.status(provider.token())).isEqualTo(503);

        provider.behave(Behaviour.healthy());
        time.advance(Duration.ofMinutes(6));
        assertThat(orders.status(provider.token())).isEqualTo(200);
    }

    @AfterEach
    void close() {
        cache.close();
        provider.close();
    }
}
