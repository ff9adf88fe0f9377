package dev.jwkscache.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jwkscache.real.Eventually;
import dev.jwkscache.testkit.ScriptedProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.security.auth.callback.Callback;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerTokenCallback;

/** One Kafka server in a process of its own: broker and controller, ports of loopback. */
final class Broker implements AutoCloseable {
    private final Process process;
    private final int port;

    private Broker(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts one that validates the tokens of that provider, and waits until it listens. */
    static Broker start(Path directory, ScriptedProvider provider) throws Exception {
        int port = freePort();
        int internal = freePort();
        int controller = freePort();
        String mechanism = "listener.name.client.oauthbearer.";
        Path properties = Files.write(
                directory.resolve("server.properties"),
                List.of(
                        "process.roles=broker,controller",
                        "node.id=1",
                        "controller.quorum.voters=1@127.0.0.1:" + controller,
                        "listeners=CLIENT://127.0.0.1:" + port + ",INTERNAL://127.0.0.1:" + internal
                                + ",CONTROLLER://127.0.0.1:" + controller,
                        "listener.security.protocol.map="
                                + "CLIENT:SASL_PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT",
                        "controller.listener.names=CONTROLLER",
                        "inter.broker.listener.name=INTERNAL",
                        "log.dirs=" + directory.resolve("data"),
                        "offsets.topic.replication.factor=1",
                        "listener.name.client.sasl.enabled.mechanisms=OAUTHBEARER",
                        mechanism + "sasl.jaas.config="
                                + "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;",
                        mechanism + "sasl.server.callback.handler.class="
                                + "org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler",
                        "listener.name.client.sasl.oauthbearer.jwt.validator.class="
                                + JwksCacheJwtValidator.class.getName(),
                        mechanism + "sasl.oauthbearer.jwks.endpoint.url=" + provider.jwksUri(),
                        mechanism + "sasl.oauthbearer.expected.issuer=" + provider.issuer(),
                        mechanism + "sasl.oauthbearer.expected.audience=" + Configs.AUDIENCE,
                        mechanism + "jwks.cache.algorithms=RS256"),
                UTF_8);
        String[] allowed = {"-D" + ValidatorSettings.ALLOWED_URLS + "=" + provider.jwksUri()};
        Process format = java(
                directory,
                "format",
                allowed,
                "kafka.tools.StorageTool",
                "format",
                "-t",
                "c2VydmVyLW9mLWEtdGVzdA",
                "-c",
                properties.toString());
        if (format.waitFor() != 0) {
            throw new IllegalStateException(Files.readString(directory.resolve("format.log")));
        }
        Process server = java(directory, "server", allowed, "kafka.Kafka", properties.toString());
        Broker broker = new Broker(server, port);
        try {
            Eventually.check(() -> {
                if (!server.isAlive()) {
                    throw new IllegalStateException(Files.readString(directory.resolve("server.log")));
                }
                new Socket(InetAddress.getLoopbackAddress(), port).close();
            });
        } catch (Throwable failed) {
            broker.close();
            throw failed;
        }
        return broker;
    }

    /** A client of Kafka's own that shows that token. */
    Admin client(String token) {
        return Admin.create(Map.of(
                "bootstrap.servers",
                "127.0.0.1:" + port,
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "OAUTHBEARER",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required token=\"" + token + "\";",
                "sasl.login.callback.handler.class",
                TokenOfTheConfiguration.class.getName()));
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Gives the client whatever token its configuration has, good or forged. */
    public static final class TokenOfTheConfiguration implements AuthenticateCallbackHandler {
        private String token = "";

        @Override
        public void configure(Map<String, ?> configs, String saslMechanism, List<AppConfigurationEntry> jaas) {
            token = String.valueOf(jaas.get(0).getOptions().get("token"));
        }

        @Override
        public void handle(Callback[] callbacks) {
            long now = System.currentTimeMillis();
            for (Callback callback : callbacks) {
                if (callback instanceof OAuthBearerTokenCallback wanted) {
                    wanted.token(new AccessToken(token, Set.of(), now + 3_600_000, "client", now));
                }
            }
        }

        @Override
        public void close() {}
    }

    private static Process java(Path directory, String log, String[] options, String main, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(List.of(options));
        command.add(main);
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(log + ".log").toFile())
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
