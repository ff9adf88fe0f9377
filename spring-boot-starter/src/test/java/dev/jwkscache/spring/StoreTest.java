package dev.jwkscache.spring;

import static dev.jwkscache.spring.Contexts.ISSUER;
import static dev.jwkscache.spring.Contexts.JWT;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.CacheState;
import dev.jwkscache.FileSnapshotStore;
import dev.jwkscache.JwksCache;
import dev.jwkscache.real.Eventually;
import dev.jwkscache.redis.RedisSnapshotStore;
import dev.jwkscache.spi.SnapshotStore;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.source.MutuallyExclusiveConfigurationPropertiesException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import redis.embedded.RedisServer;

class StoreTest {
    private static final String REDIS = "jwks-cache.store.redis.uri=redis://:secret-word@127.0.0.1:1";
    private static final String TRUST = "jwks-cache.store.redis.trust-store=true";

    private final ApplicationContextRunner online = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, JwksCacheAutoConfiguration.class));
    private final ApplicationContextRunner offline = Contexts.plain().withPropertyValues(ISSUER);

    @TempDir
    Path folder;

    @Test
    void withoutPropertiesThereIsNoStore() {
        offline.run(it -> assertThat(it).hasNotFailed().doesNotHaveBean(SnapshotStore.class));
    }

    @Test
    void aFolderKeepsTheKeysForARestartWhileTheProviderIsAway() throws Exception {
        Path key = Files.write(folder.resolve("key"), new byte[32]);
        Path store = folder.resolve("store");
        try (ScriptedProvider provider = ScriptedProvider.start()) {
            ApplicationContextRunner application = online.withPropertyValues(
                    JWT + ".issuer-uri=" + provider.issuer(),
                    "jwks-cache.store.file.directory=" + store,
                    "jwks-cache.store.file.hmac-key-file=" + key,
                    "jwks-cache.store-wait=10");
            application.run(it -> Eventually.check(() -> {
                assertThat(it.getBean(JwksCache.class).status().state()).isEqualTo(CacheState.FRESH);
                assertThat(files(store)).isPositive();
            }));

            provider.behave(Behaviour.refuse());
            application.run(it -> Eventually.check(
                    () -> assertThat(it.getBean(JwksCache.class).status().storedSets())
                            .isEqualTo(1)));

            Files.write(key, "another key of thirty-two bytes!".getBytes(US_ASCII));
            application.run(it -> Eventually.check(
                    () -> assertThat(it.getBean(JwksCache.class).status().refusedSnapshots())
                            .isNotEmpty()));
        }
    }

    @Test
    void aRedisHandsTheKeysToWhoeverStartsNext() throws Exception {
        int port = freePort();
        RedisServer redis = RedisServer.newRedisServer()
                .port(port)
                .setting("save \"\"")
                .setting("appendonly no")
                .onShutdownForceStop(true)
                .build();
        redis.start();
        try (ScriptedProvider provider = ScriptedProvider.start()) {
            ApplicationContextRunner application = online.withPropertyValues(
                    JWT + ".issuer-uri=" + provider.issuer(),
                    "jwks-cache.store.redis.uri=redis://127.0.0.1:" + port,
                    TRUST,
                    "jwks-cache.store.redis.key-prefix=test",
                    "jwks-cache.store-wait=10");
            application.run(first -> {
                Eventually.check(
                        () -> assertThat(first.getBean(JwksCache.class).status().state())
                                .isEqualTo(CacheState.FRESH));
                application.run(second -> Eventually.check(() -> assertThat(
                                second.getBean(JwksCache.class).status().storedSets())
                        .isEqualTo(1)));
            });
            assertThat(provider.requestCount()).isEqualTo(1);
            Eventually.check(() -> assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("jwks-cache-redis")));
        } finally {
            redis.stop();
        }
    }

    @Test
    void redisWantsAKeyOrTrust() throws Exception {
        Path key = Files.write(folder.resolve("key"), new byte[32]);
        offline.withPropertyValues(REDIS)
                .run(it -> assertThat(it)
                        .getFailure()
                        .hasStackTraceContaining("neither hmacKey nor trustStore()")
                        .hasStackTraceContaining("the store in Redis is refused"));
        offline.withPropertyValues(REDIS, "jwks-cache.store.redis.hmac-key-file=" + key)
                .run(it -> assertThat(it).hasSingleBean(RedisSnapshotStore.class));
        offline.withPropertyValues(REDIS, "jwks-cache.store.redis.hmac-key-file=" + key, TRUST)
                .run(it -> assertThat(it).getFailure().hasStackTraceContaining("are both set"));
    }

    @Test
    void everySettingOfRedisArrives() {
        for (String refused : new String[] {"command-timeout=0", "poll-interval=0", "keep-for=0", "key-prefix=a b"}) {
            offline.withPropertyValues(REDIS, TRUST, "jwks-cache.store.redis." + refused)
                    .run(it -> assertThat(it)
                            .getFailure()
                            .cause()
                            .hasStackTraceContaining("the store in Redis is refused: "
                                    + switch (refused.substring(0, refused.indexOf('='))) {
                                        case "command-timeout" -> "commandTimeout is";
                                        case "poll-interval" -> "pollInterval is";
                                        case "keep-for" -> "keepFor is";
                                        default -> "keyPrefix has 3";
                                    }));
        }
        offline.withPropertyValues(REDIS, TRUST, "jwks-cache.store.redis.ssl.bundle=absent")
                .run(it -> assertThat(it).getFailure().hasStackTraceContaining("SSL bundle name 'absent'"));
    }

    @Test
    void severalAddressesAreThoseOfACluster() {
        String two = "jwks-cache.store.redis.uri=redis://127.0.0.1:1,redis://127.0.0.1:2";
        offline.withPropertyValues(two, TRUST)
                .run(it -> assertThat(it).getFailure().hasStackTraceContaining("has 2 addresses"));
        offline.withPropertyValues(two, TRUST, "jwks-cache.store.redis.cluster=true")
                .run(it -> assertThat(it).hasSingleBean(RedisSnapshotStore.class));
    }

    @Test
    void aWrongAddressIsRefusedWithoutItsPassword() {
        offline.withPropertyValues("jwks-cache.store.redis.uri=http://:secret-word@127.0.0.1", TRUST)
                .run(it -> assertThat(it)
                        .getFailure()
                        .hasStackTraceContaining("is no address of a Redis")
                        .satisfies(failure -> assertThat(stackTrace(failure)).doesNotContain("secret-word")));
    }

    @Test
    void aMissingLibraryIsNamed() {
        offline.withPropertyValues(REDIS, TRUST)
                .withClassLoader(new FilteredClassLoader(RedisSnapshotStore.class))
                .run(it -> assertThat(it)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(JwksCacheStartException.class)
                        .hasMessageContaining("dev.jwkscache:jwks-cache-redis is not on the class path"));
    }

    @Test
    void aMissingOrShortKeyIsNamed() throws Exception {
        Path tooShort = Files.write(folder.resolve("short"), new byte[31]);
        for (Path key : new Path[] {tooShort, folder.resolve("absent")}) {
            offline.withPropertyValues(
                            "jwks-cache.store.file.directory=" + folder, "jwks-cache.store.file.hmac-key-file=" + key)
                    .run(it -> assertThat(it)
                            .getFailure()
                            .hasStackTraceContaining("jwks-cache.store.file.hmac-key-file is '" + key + "'"));
        }
    }

    @Test
    void oneStoreIsEnough() {
        offline.withPropertyValues(REDIS, TRUST, "jwks-cache.store.file.directory=" + folder)
                .run(it -> assertThat(it)
                        .getFailure()
                        .hasRootCauseInstanceOf(MutuallyExclusiveConfigurationPropertiesException.class));
    }

    @Test
    void aStoreOfTheApplicationIsUsedInsteadOfThatOfTheProperties() {
        SnapshotStore mine = FileSnapshotStore.in(folder);
        offline.withPropertyValues("jwks-cache.store.file.directory=" + folder)
                .withBean("mine", SnapshotStore.class, () -> mine)
                .run(it -> assertThat(it.getBean(SnapshotStore.class)).isSameAs(mine));
    }

    private static long files(Path folder) throws Exception {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    private static String stackTrace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
