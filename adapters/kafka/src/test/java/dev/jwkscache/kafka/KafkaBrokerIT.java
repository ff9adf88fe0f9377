package dev.jwkscache.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.real.Eventually;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import dev.jwkscache.testkit.SigningKey;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker of its own process, in KRaft mode, on loopback, with SASL_PLAINTEXT; clients of Kafka's own. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class KafkaBrokerIT {

    @TempDir
    Path directory;

    @Test
    void aBrokerLetsInWhomTheKeysSayAndNobodyElse() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start();
                Broker broker = Broker.start(directory, provider)) {
            try (Admin admin = broker.client(token(provider))) {
                admin.createTopics(List.of(new NewTopic("orders", 1, (short) 1)))
                        .all()
                        .get();
                assertThat(admin.listTopics().names().get()).contains("orders");
            }

            SigningKey fresh = provider.rotate();
            try (Admin admin = broker.client(provider.tokenSignedBy(fresh, Configs.claims()))) {
                assertThat(admin.describeCluster().nodes().get()).hasSize(1);
            }

            try (ScriptedProvider attacker = ScriptedProvider.start()) {
                SigningKey forged = attacker.addKey("RS256", fresh.kid());
                assertRefused(broker, provider.tokenSignedBy(forged, Configs.claims()));
            }
            assertRefused(broker, provider.forgedToken());

            provider.behave(Behaviour.refuse());
            try (Admin admin = broker.client(token(provider))) {
                assertThat(admin.describeCluster().nodes().get()).hasSize(1);
            }
            assertRefused(broker, provider.forgedToken());
        }
    }

    @Test
    void aBrokerWithoutKeysMakesItsClientsTryAgainAndNotGiveUp() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start()) {
            provider.behave(Behaviour.status(500));
            try (Broker broker = Broker.start(directory, provider);
                    Admin admin = broker.client(token(provider))) {
                int before = provider.requestCount();
                KafkaFuture<?> nodes = admin.describeCluster().nodes();
                Eventually.check(() -> assertThat(provider.requestCount()).isGreaterThan(before));
                assertThat(nodes.isDone()).isFalse();
                provider.behave(Behaviour.healthy());

                assertThat((List<?>) List.copyOf((java.util.Collection<?>) nodes.get()))
                        .hasSize(1);
            }
        }
    }

    private static void assertRefused(Broker broker, String token) {
        try (Admin admin = broker.client(token)) {
            assertThatThrownBy(() -> admin.describeCluster().nodes().get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(SaslAuthenticationException.class);
        }
    }

    private static String token(ScriptedProvider provider) {
        return provider.token("RS256", Configs.claims());
    }
}
