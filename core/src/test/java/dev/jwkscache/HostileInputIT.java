package dev.jwkscache;

import static dev.jwkscache.Stage.ALG;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.management.HotSpotDiagnosticMXBean;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.VirtualTime;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What callers and providers may write on purpose: it costs no memory, leaks no secret and forges no line of a log. */
class HostileInputIT {
    private static final int MIB = 1 << 20;

    @TempDir
    Path folder;

    @Test
    void aMillionForgedKidsOfUpToEightKibibytesLeaveNothingOnTheHeap() {
        SplittableRandom random = new SplittableRandom(21);
        byte[] letters = new byte[8 << 10];
        for (int i = 0; i < letters.length; i++) {
            letters[i] = (byte) random.nextInt('!', '~');
        }
        try (Stage stage = Stage.started()) {
            look(stage, random, letters, 10_000);
            long before = heapInUse();
            look(stage, random, letters, 1_000_000);

            assertThat(heapInUse() - before).isLessThan(MIB);
            assertThat(stage.cache.key(stage.kid(), ALG)).isNotNull();
            assertThat(stage.cache.status().unknownKeys()).isEqualTo(1_010_000);
        }
    }

    private static void look(Stage stage, SplittableRandom random, byte[] letters, int times) {
        for (int i = 0; i < times; i++) {
            int from = random.nextInt(letters.length - 16);
            int length = random.nextInt(16, letters.length - from + 1);
            String kid = new String(letters, from, length, StandardCharsets.ISO_8859_1) + i;
            assertThat(stage.cache.keyAsync(kid, ALG).isCompletedExceptionally())
                    .isTrue();
            if (i % 1_000 == 0) {
                stage.time.advance(Duration.ofMillis(100));
            }
        }
    }

    @Test
    void aMillionForgedIssuersLeaveNothingOnTheHeapAndPushOutNoConfiguredOne() {
        SplittableRandom random = new SplittableRandom(66);
        String named = "https://named.example";
        try (Town town = Town.allowing(builder -> builder.maxIssuers(100))) {
            town.caches.add(named, town.settings(named));
            town.caches.start();
            name(town, random, 10_000);
            long before = heapInUse();
            name(town, random, 1_000_000);

            assertThat(heapInUse() - before).isLessThan(MIB);
            assertThat(town.caches.issuers()).contains(named).hasSize(101);
            assertThat(town.key(named)).isNotNull();
        }
    }

    /** Two of three are allowed. */
    private static void name(Town town, SplittableRandom random, int times) {
        String padding = "x".repeat(200);
        for (int i = 0; i < times; i++) {
            String host = Long.toHexString(random.nextLong()) + padding.substring(random.nextInt(200));
            try {
                assertThat(town.caches.forIssuer(Town.INVENTED + host + (i % 3 == 0 ? ".evil" : ".example")))
                        .isNotNull();
            } catch (UnknownIssuerException | KeysUnavailableException refusal) {
                assertThat(refusal.getMessage().length()).isLessThan(500);
            }
            if (i % 1_000 == 0) {
                town.advance(Duration.ofMillis(100));
            }
        }
    }

    private static long heapInUse() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            least = Math.min(
                    least,
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return least;
    }

    @Test
    void whatCallersAndServersWriteIsEscapedAndCutInEveryMessage() {
        String evil = "kid\r\n2026-01-01 ERROR forged line \u001b[31m\u202e" + "x".repeat(5_000);
        Logger logger = (Logger) LoggerFactory.getLogger(Log.NAME);
        Level level = logger.getLevel();
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.TRACE);
        List<String> texts = new ArrayList<>();
        try (Stage stage = Stage.started()) {
            texts.add(failure(stage, evil));
            stage.provider.publish(
                    "{\"keys\":[" + key(stage) + ",{\"kty\":\"oct\",\"k\":\"AA\",\"kid\":" + json(evil) + "},"
                            + "{\"kty\":" + json(evil) + "},{\"kty\":\"EC\",\"crv\":" + json(evil) + "},"
                            + "{\"kty\":\"RSA\",\"use\":" + json(evil) + "},{\"kty\":\"RSA\",\"alg\":\"RSA-OAEP"
                            + "\\n".repeat(3)
                            + "\"}]}");
            stage.cache.refresh().join().skipped().forEach(skipped -> texts.add(skipped.toString()));
            texts.add(stage.cache.get().toString());
            stage.provider.behave(Behaviour.redirectTo(java.net.URI.create("https://evil.test/%0d%0aX:%20y")));
            stage.time.advance(Duration.ofSeconds(400));
            texts.add(stage.cache.status().toString());
            stage.events.failed.forEach(event -> texts.add(event.failure().describe()));
        } finally {
            logger.detachAppender(log);
            logger.setLevel(level);
        }
        for (ILoggingEvent event : log.list) {
            texts.add(event.getFormattedMessage() + event.getKeyValuePairs());
        }
        assertThat(texts).hasSizeGreaterThan(10).allSatisfy(text -> {
            assertThat(text).doesNotContainPattern("[\\p{Cntrl}\\u202e\\u001b]").doesNotContain("x".repeat(200));
            assertThat(text.length()).isLessThan(2_000);
        });
    }

    @Test
    void privateMembersAreFoundInNoMessageNoEventAndNoHeapDump() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        RSAPrivateCrtKey pair = (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
        String secret = base64Url(pair.getPrivateExponent());
        byte[] document = ("{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"leaked\",\"n\":\"" + base64Url(pair.getModulus())
                        + "\",\"e\":\"AQAB\",\"d\":\"" + secret + "\",\"p\":\"" + base64Url(pair.getPrimeP()) + "\"}]}")
                .getBytes(StandardCharsets.UTF_8);
        // Only what is at an odd place tells the two apart: the test must not hold the secret when it looks for it.
        byte[] scrambled = scramble(secret.getBytes(StandardCharsets.US_ASCII));
        Path file = Files.write(folder.resolve("set.json"), document);
        java.util.Arrays.fill(document, (byte) 0);
        secret = null;
        pair = null;
        generator = null;

        List<String> told = new ArrayList<>();
        // On virtual time the work is done where it is asked for: no worker that is about to leave still holds the
        // document.
        VirtualTime time = new VirtualTime();
        try (JwksCache cache = JwksCache.builder(java.net.URI.create("https://leaky.test/"))
                .time(time.wallClock(), time.nanoTime(), time.scheduler())
                .origin(request -> {
                    try {
                        return java.util.concurrent.CompletableFuture.completedFuture(
                                new dev.jwkscache.spi.OriginResponse(
                                        200, java.util.Map.of(), Files.readAllBytes(file)));
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                })
                .listener(new JwksCacheListener() {
                    @Override
                    public void refreshed(Refreshed event) {
                        synchronized (told) {
                            told.add(event.toString());
                        }
                    }
                })
                .build()) {
            cache.start();
            assertThat(cache.get().privateKeyCount()).isEqualTo(1);
            assertThat(cache.key("leaked", "RS256").publicKey().getAlgorithm()).isEqualTo("RSA");
            told.add(cache.status() + " " + cache.get() + " " + cache.get().keys() + cache.key("leaked", "RS256"));
            cache.refresh().join();

            Path dump = folder.resolve("heap.hprof");
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(dump.toString(), true);
            assertThat(contains(
                            dump,
                            scramble(cache.key("leaked", "RS256").thumbprint().getBytes(StandardCharsets.US_ASCII))))
                    .as("what is kept is found, so that the search works")
                    .isTrue();
            assertThat(contains(dump, scrambled))
                    .as("the private exponent in the heap")
                    .isFalse();
        }
        assertThat(told)
                .hasSizeGreaterThan(1)
                .allSatisfy(text -> assertThat(contains(text, scrambled)).isFalse());
    }

    private static boolean contains(String text, byte[] scrambled) throws IOException {
        return contains(new java.io.ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), scrambled);
    }

    private static boolean contains(Path file, byte[] scrambled) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), MIB)) {
            return contains(in, scrambled);
        }
    }

    /** Whether the 24 first octets of what was scrambled are in the stream, without ever having them in one piece. */
    private static boolean contains(InputStream in, byte[] scrambled) throws IOException {
        int length = 24;
        int matched = 0;
        int octet;
        // Base64url text of a random number does not overlap with itself, so that one cursor is enough.
        while ((octet = in.read()) >= 0) {
            if (octet == (unscramble(scrambled, matched) & 0xff)) {
                if (++matched == length) {
                    return true;
                }
            } else {
                matched = octet == (unscramble(scrambled, 0) & 0xff) ? 1 : 0;
            }
        }
        return false;
    }

    private static byte[] scramble(byte[] octets) {
        byte[] scrambled = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            scrambled[i] = (byte) (octets[i] ^ 0x5a);
        }
        java.util.Arrays.fill(octets, (byte) 0);
        return scrambled;
    }

    private static byte unscramble(byte[] scrambled, int index) {
        return (byte) (scrambled[index] ^ 0x5a);
    }

    private static String failure(Stage stage, String kid) {
        try {
            stage.cache.key(kid, ALG);
        } catch (UnknownKeyException e) {
            return e.getMessage();
        }
        throw new AssertionError("expected a refusal");
    }

    private static String key(Stage stage) {
        String document = stage.provider.document();
        return document.substring(document.indexOf('[') + 1, document.lastIndexOf(']'));
    }

    private static String json(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> quoted.append(c < ' ' ? String.format("\\u%04x", c) : Character.toString(c)));
        return quoted.append('"').toString();
    }

    private static String base64Url(BigInteger value) {
        byte[] octets = value.toByteArray();
        int from = octets[0] == 0 ? 1 : 0;
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(java.util.Arrays.copyOfRange(octets, from, octets.length));
    }
}
