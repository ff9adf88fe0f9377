package dev.jwkscache.sidecar.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.real.Eventually;
import dev.jwkscache.sidecar.configuration.Configuration;
import dev.jwkscache.sidecar.configuration.ProviderConfiguration;
import dev.jwkscache.sidecar.configuration.ProviderConfiguration.Kind;
import dev.jwkscache.sidecar.providers.Town;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import redis.embedded.RedisServer;
import redis.embedded.core.RedisServerBuilder;

/** Sidecars that share a real Redis. */
class SharedStoreIT {

    @Test
    void aSidecarThatStartsInAnOutageHasTheKeysOfAnotherMachine() throws Exception {
        int port = free();
        RedisServer redis = new RedisServerBuilder()
                .port(port)
                .setting("bind 127.0.0.1")
                .setting("save \"\"")
                .build();
        redis.start();
        try (ScriptedProvider provider = ScriptedProvider.start("ES256")) {
            Configuration configuration = configuration(provider.jwksUri(), "redis://127.0.0.1:" + port);
            String set;
            try (Sidecar first = Sidecar.start(configuration)) {
                Eventually.check(() -> assertThat(status(first)).isEqualTo(200));
                set = body(first);
                provider.behave(Behaviour.status(503));

                try (Sidecar second = Sidecar.start(configuration)) {
                    Eventually.check(() -> assertThat(status(second)).isEqualTo(200));
                    assertThat(body(second)).isEqualTo(set);
                }
            }
        } finally {
            redis.stop();
        }
    }

    private static int free() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Configuration configuration(URI address, String redis) {
        Configuration any =
                Town.configuration(List.of(new ProviderConfiguration("default", address, Kind.JWKS_URI, Map.of())));
        return new Configuration(
                any.providers(),
                any.keys(),
                any.management(),
                null,
                any.limits(),
                new Configuration.Store.Redis(List.of(redis), false, null, null),
                null,
                any.corsOrigins(),
                any.readyMargin(),
                any.drainTime(),
                any.rereadWait(),
                null);
    }

    private static int status(Sidecar sidecar) throws Exception {
        return HttpClient.newHttpClient()
                .send(request(sidecar), BodyHandlers.discarding())
                .statusCode();
    }

    private static String body(Sidecar sidecar) throws Exception {
        return HttpClient.newHttpClient()
                .send(request(sidecar), BodyHandlers.ofString())
                .body();
    }

    private static HttpRequest request(Sidecar sidecar) {
        return HttpRequest.newBuilder(URI.create(sidecar.address() + "/default/jwks.json"))
                .build();
    }
}
