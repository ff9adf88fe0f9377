package dev.jwkscache.redis;

import static dev.jwkscache.redis.SnapshotScript.argument;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.spi.FleetStore.FleetFailure;
import dev.jwkscache.spi.StoredSnapshot;
import dev.jwkscache.spi.Turn;
import dev.jwkscache.spi.TurnRequest;
import dev.jwkscache.spi.TurnRequest.Kind;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.embedded.RedisServer;

/** The script in Redis and the decisions in Java agree, answer for answer, over thousands of operations and hours of time. */
class ScriptEquivalenceTest {
    private static final URI ADDRESS = Fleet.ADDRESS;
    private static final int OPERATIONS = 3000;
    private static final List<Kind> KINDS = List.of(Kind.values());

    private static RedisServer server;
    private static RedisClient client;
    private static StatefulRedisConnection<String, byte[]> connection;

    private final SnapshotScript script = new SnapshotScript();
    private final FleetState java = new FleetState();
    private final List<Long> generations = new ArrayList<>(List.of(0L));
    private final Map<String, Integer> answers = new TreeMap<>();

    @BeforeAll
    static void start() throws Exception {
        int port = Servers.freePort();
        server = Servers.start(port);
        client = RedisClient.create(Servers.uri(port));
        connection = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
    }

    @AfterAll
    static void stop() throws Exception {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        server.stop();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 20, 300, 4_000})
    void theyAgree(long seed) throws Exception {
        Random random = new Random(seed);
        connection.sync().flushall();
        long now = 1_700_000_000_000L;
        for (int step = 0; step < OPERATIONS; step++) {
            now += time(random);
            String expected;
            String actual;
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3, 4 -> {
                    TurnRequest request = request(random);
                    Turn turn = java.turn(request, now);
                    expected = turn.toString();
                    actual = turn(request, now).toString();
                    if (turn instanceof Turn.Granted granted) {
                        generations.add(granted.generation());
                    }
                    answers.merge(request.kind() + " " + turn.getClass().getSimpleName(), 1, Integer::sum);
                }
                case 5, 6 -> {
                    long generation = generation(random, now);
                    StoredSnapshot snapshot =
                            new StoredSnapshot(ADDRESS, new byte[0], null, null, Instant.ofEpochMilli(now), generation);
                    boolean kept = java.publish(snapshot, now);
                    expected = kept ? "kept" : "late";
                    actual = run(now, "publish", argument(generation), argument("entry " + generation))
                            .word();
                    answers.merge("publish " + expected, 1, Integer::sum);
                }
                case 7, 8 -> {
                    long generation = generation(random, now);
                    FleetFailure failure = new FleetFailure(
                            1 + random.nextInt(9),
                            random.nextBoolean() ? "timeout" : "http_503",
                            duration(random),
                            random.nextInt(4) == 0 ? duration(random) : Duration.ZERO);
                    java.failed(generation, failure, now);
                    run(
                            now,
                            "failed",
                            argument(generation),
                            argument(failure.failures()),
                            argument(failure.reason()),
                            argument(failure.pause().toMillis()),
                            argument(failure.quiet().toMillis()));
                    expected = "";
                    actual = "";
                }
                default -> {
                    if (random.nextInt(4) == 0) {
                        long generation = generation(random, now);
                        java.purge(generation);
                        run(now, "purge", argument(generation), argument("proof"));
                    }
                    expected = kept();
                    actual = load(now);
                }
            }
            assertThat(actual).as("step %s of seed %s", step, seed).isEqualTo(expected);
            assertThat(load(now))
                    .as("kept after step %s of seed %s", step, seed)
                    .isEqualTo(kept());
        }
        // Each answer that there is to each kind of wish, or the walk has gone past what matters.
        Map<Kind, List<String>> possible = new EnumMap<>(Map.of(
                Kind.SCHEDULE, List.of("Granted", "Newer", "Taken", "Early", "Failing"),
                Kind.NEED, List.of("Granted", "Newer", "Taken", "Failing"),
                Kind.MISS, List.of("Granted", "Newer", "Taken", "Early", "Failing"),
                Kind.MANUAL, List.of("Granted", "Failing")));
        possible.forEach((kind, words) ->
                words.forEach(word -> assertThat(answers).as("%s", answers).containsKey(kind + " " + word)));
        assertThat(answers).containsKeys("publish kept", "publish late");
    }

    /** Mostly moments, sometimes hours, sometimes a clock that is set back. */
    private static long time(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> random.nextInt(3_600_000);
            case 1, 2, 3 -> random.nextInt(60_000);
            case 4 -> -random.nextInt(120_000);
            default -> random.nextInt(500);
        };
    }

    private static Duration duration(Random random) {
        return Duration.ofMillis(random.nextInt(3) == 0 ? random.nextInt(600_000) : random.nextInt(5_000));
    }

    private TurnRequest request(Random random) {
        Kind kind = KINDS.get(random.nextInt(KINDS.size()));
        long known = random.nextInt(3) == 0 ? any(random) : java.generation();
        Duration lease = duration(random).plusMillis(1);
        return new TurnRequest(kind, known, lease, duration(random), random.nextBoolean() ? lease : duration(random));
    }

    private long generation(Random random, long now) {
        return switch (random.nextInt(4)) {
            case 0 -> any(random);
            case 1 -> now;
            default -> generations.get(generations.size() - 1);
        };
    }

    private long any(Random random) {
        return generations.get(random.nextInt(generations.size()));
    }

    private Turn turn(TurnRequest request, long now) throws Exception {
        Answer answer = run(
                now,
                "turn",
                argument(request.kind().name()),
                argument(request.known()),
                argument(request.lease().toMillis()),
                argument(request.spacing().toMillis()),
                argument(request.takeover().toMillis()));
        return Answer.turn(answer);
    }

    private String kept() {
        return java.generation() == 0 ? "none" : "entry " + java.generation() + " after " + java.purged();
    }

    private String load(long now) throws Exception {
        Answer answer = run(now, "load", argument(1000));
        if (answer.word().equals("none")) {
            return "none";
        }
        assertThat(new String(answer.bytes(2), UTF_8)).isEqualTo("entry " + answer.number(3));
        return "entry " + answer.number(3) + " after " + answer.number(4);
    }

    private Answer run(long now, String operation, byte[]... more) throws Exception {
        List<byte[]> arguments = new ArrayList<>(List.of(
                argument(operation),
                argument(now),
                argument(""),
                argument(0),
                argument(Duration.ofHours(1).toMillis()),
                argument("changes"),
                argument("name")));
        arguments.addAll(List.of(more));
        List<Object> reply = script.run(connection.async(), "key", arguments)
                .toCompletableFuture()
                .get();
        return Answer.of(reply, new Trouble("here", Duration.ofSeconds(1)));
    }
}
