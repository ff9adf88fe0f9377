package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.spi.StoredSnapshot;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that end in the middle of it. {@code -Dsnapshot.kills} says how many are killed; the profile {@code long} kills a
 * thousand.
 */
class FileSnapshotStoreKillIT {
    private static final int KILLS = Integer.getInteger("snapshot.kills", 60);
    private static final int LONGEST_MICROSECONDS = 30_000;
    private static final int ADDRESSES = 4;

    @TempDir
    Path temporary;

    /** SIGKILL at random instants: what is kept afterwards is whole, one of those published, and never an older one. */
    @Test
    void aKilledProcessLeavesAWholeSnapshotAndNeverAnOlderOne() throws Exception {
        Path folder = temporary.resolve("snapshots");
        FileSnapshotStore store = FileSnapshotStore.in(folder);
        Random instants = new Random(20260301);
        long[] seen = new long[ADDRESSES];
        int inTheMiddle = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            long[] found = killed(folder, instants.nextInt(LONGEST_MICROSECONDS));
            assertThat(found).as("what the child of kill %d found", kill).isEqualTo(seen);
            for (int i = 0; i < ADDRESSES; i++) {
                CompletableFuture<Optional<StoredSnapshot>> loaded = store.load(EndlessPublisher.address(i));

                assertThat(loaded).as("what is kept after kill %d", kill).isCompleted();
                assertThat(loaded.join()).as("what is kept after kill %d", kill).isPresent();
                StoredSnapshot kept = loaded.join().get();
                assertThat(kept.generation()).as("after kill %d", kill).isGreaterThan(seen[i]);
                assertPublished(kept);
                seen[i] = kept.generation();
            }
            inTheMiddle += age(folder);
        }
        System.out.println(KILLS + " kills in the middle of "
                + Arrays.stream(seen).sum() + " snapshots, " + inTheMiddle + " of which had no name yet");
        assertThat(inTheMiddle).as("snapshots that were cut off").isPositive();
        for (int i = 0; i < ADDRESSES; i++) {
            store.publish(EndlessPublisher.snapshot(EndlessPublisher.address(i), seen[i] + 1))
                    .join();
        }
        assertThat(unfinished(folder)).as("left by killed processes").isEmpty();
    }

    /** A limit on the size of files fails as a full disk does: in the middle of a write. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aWriteThatFailsInTheMiddleLeavesWhatWasKept() throws Exception {
        Path folder = temporary.resolve("snapshots");
        Process child = start(folder, 1, List.of("sh", "-c", "ulimit -f 260 && exec \"$@\"", "sh"));
        try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo("began 0 after 0");
            assertThat(out.readLine())
                    .matches("failed: java.io.IOException: the snapshot \"/.*\\.jwks\" cannot be written"
                            + " \\(IOException: .*\\); see that its folder has space and that this process may write to it;"
                            + " what was kept is as it was");
        }
        assertThat(child.waitFor()).isZero();

        StoredSnapshot kept = FileSnapshotStore.in(folder)
                .load(EndlessPublisher.address(0))
                .join()
                .orElseThrow();
        assertPublished(kept);
        assertThat(unfinished(folder)).isEmpty();
    }

    private static void assertPublished(StoredSnapshot kept) {
        StoredSnapshot published = EndlessPublisher.snapshot(kept.address(), kept.generation());
        assertThat(kept.document()).as("of %s", kept).isEqualTo(published.document());
        assertThat(kept.etag()).isEqualTo(published.etag());
        assertThat(kept.fetchedAt()).isEqualTo(published.fetchedAt());
    }

    /** Kills a child some time after it has begun to publish; the generations that the child had found. */
    private static long[] killed(Path folder, int afterMicroseconds) throws Exception {
        long[] found = new long[ADDRESSES];
        Process child = start(folder, ADDRESSES, List.of());
        try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
            for (int i = 0; i < ADDRESSES; i++) {
                String began = out.readLine();
                assertThat(began).matches("began \\d+ after \\d+");
                String[] words = began.split(" ");
                found[Integer.parseInt(words[1])] = Long.parseLong(words[3]);
            }
            LockSupport.parkNanos(afterMicroseconds * 1000L);
            // Not by the process itself, which would close the stream before its end is seen.
            child.toHandle().destroyForcibly();
            child.waitFor();
            assertThat(out.readLine()).as("until it is killed, nothing fails").isNull();
            return found;
        } finally {
            child.destroyForcibly();
        }
    }

    private static Process start(Path folder, int addresses, List<String> before) throws Exception {
        Stream<String> java = Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                pathOf(FileSnapshotStore.class) + File.pathSeparator + pathOf(EndlessPublisher.class),
                EndlessPublisher.class.getName(),
                folder.toString(),
                Integer.toString(addresses));
        return new ProcessBuilder(Stream.concat(before.stream(), java).toList())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String pathOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }

    /** Makes what killed children have left look old, so that the next one removes it; how many there are. */
    private static int age(Path folder) throws IOException {
        List<Path> unfinished = unfinished(folder);
        for (Path file : unfinished) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));
        }
        return unfinished.size();
    }

    private static List<Path> unfinished(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".tmp")).toList();
        }
    }
}
