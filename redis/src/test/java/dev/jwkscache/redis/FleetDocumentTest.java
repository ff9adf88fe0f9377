package dev.jwkscache.redis;

import static dev.jwkscache.redis.Fleet.ADDRESS;
import static dev.jwkscache.redis.Fleet.granted;
import static dev.jwkscache.redis.Fleet.now;
import static dev.jwkscache.redis.Fleet.snapshot;
import static dev.jwkscache.redis.Fleet.wish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.real.Eventually;
import dev.jwkscache.spi.TurnRequest.Kind;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.StringWriter;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.embedded.RedisServer;

/** The page about fleets is true. */
class FleetDocumentTest {
    private static final Path PAGE = Path.of("../docs/fleet.md");

    @TempDir
    Path directory;

    @Test
    void itsSampleCompiles() throws Exception {
        Matcher sample = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        assertThat(sample.find()).isTrue();
        Path file = Files.writeString(
                directory.resolve("Sample.java"),
                "import dev.jwkscache.*; import dev.jwkscache.redis.*; import io.lettuce.core.*; import java.net.URI;"
                        + "import java.nio.file.*; class Sample { void run() throws Exception {\n" + sample.group(1)
                        + "}}");
        StringWriter complaints = new StringWriter();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options =
                List.of("--release", "17", "-cp", System.getProperty("java.class.path"), "-d", directory.toString());
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            assertThat(compiler.getTask(complaints, files, null, options, null, files.getJavaFileObjects(file))
                            .call())
                    .as("%s", complaints)
                    .isTrue();
        }
    }

    @Test
    void itNamesEverySettingAndEveryField() throws Exception {
        String page = Files.readString(PAGE);
        Set<String> others = Set.of("build", "clock", "equals", "hashCode", "toString", "getClass", "notify");
        assertThat(Stream.of(RedisSnapshotStore.Builder.class.getMethods())
                        .filter(method -> method.getDeclaringClass() == RedisSnapshotStore.Builder.class)
                        .filter(method -> !Modifier.isStatic(method.getModifiers()))
                        .map(method -> method.getName())
                        .filter(name -> !others.contains(name)))
                .hasSize(7)
                .allSatisfy(name -> assertThat(page).containsPattern("`" + name + "(\\(\\))?`"));

        int port = Servers.freePort();
        RedisServer server = Servers.start(port);
        try (RedisSnapshotStore store = Servers.store(port).build()) {
            everything(store);
            String key = new FleetKeys("jwks-cache").key(ADDRESS);
            List<String> fields = Servers.ask(port, redis -> redis.hkeys(key));
            assertThat(fields)
                    .hasSizeGreaterThan(10)
                    .allSatisfy(field -> assertThat(page).contains("`" + field + "`"));
            long bytes = Servers.ask(port, redis -> redis.memoryUsage(key));
            assertThat(bytes).isLessThan(4096);
        } finally {
            server.stop();
        }
    }

    @Test
    void theRightsThatItNamesAreEnough() throws Exception {
        Matcher rights = Pattern.compile("\nACL (SETUSER [^\n]+)").matcher(Files.readString(PAGE));
        assertThat(rights.find()).isTrue();
        RedisCodec<String, byte[]> codec = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);
        CommandArgs<String, byte[]> words = new CommandArgs<>(codec);
        for (String word : rights.group(1).replace("PASSWORD", "opensesame").split(" ")) {
            words.add(word);
        }
        int port = Servers.freePort();
        RedisServer server = Servers.start(port);
        RedisURI uri = RedisURI.Builder.redis("127.0.0.1", port)
                .withAuthentication("jwks-cache", "opensesame".toCharArray())
                .build();
        Servers.ask(port, redis -> redis.dispatch(CommandType.ACL, new StatusOutput<>(codec), words));
        try (RedisSnapshotStore store = RedisSnapshotStore.builder(uri)
                .hmacKey(Fleet.KEY)
                .pollInterval(Duration.ofHours(1))
                .build()) {
            Fleet.Told told = new Fleet.Told();
            store.watch(ADDRESS, told);
            everything(store);
            Eventually.check(() -> assertThat(told.all).anyMatch(line -> line.startsWith("purged")));
        } finally {
            server.stop();
        }
    }

    /** Every operation, with every field that it may leave. */
    private static void everything(RedisSnapshotStore store) throws Exception {
        long first = Eventually.answer(() -> granted(store.turn(ADDRESS, wish(Kind.MISS, 0))));
        now(store.failed(ADDRESS, first, Fleet.failure(Fleet.LEASE, Duration.ZERO)));
        now(store.turn(ADDRESS, wish(Kind.NEED, 0)));
        long second = granted(store.turn(ADDRESS, wish(Kind.MANUAL, 0)));
        now(store.publish(snapshot(second)));
        assertThat(now(store.load(ADDRESS))).isPresent();
        now(store.purge(ADDRESS, first));
        now(store.purge(ADDRESS, second));
        now(store.publish(snapshot(second + 1)));
    }
}
