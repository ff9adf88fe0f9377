package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.spi.StoredSnapshot;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several stores in one folder, as several processes have them: they share nothing but the files. */
class FileSnapshotStoreConcurrencyTest {
    private static final URI ADDRESS = URI.create("https://idp.example/certs");
    private static final int WRITERS = 4;
    /** More than there are processors, so that some are held up between looking what is there and reading it. */
    private static final int READERS = 8;

    private static final int LAST = 400;

    @TempDir
    Path folder;

    private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS + READERS);

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    /** In any order, each once by some writer: whoever reads sees whole snapshots that only ever become later. */
    @Test
    void generationsNeverGoBackForAnybody() throws Exception {
        List<Long> generations =
                new ArrayList<>(LongStream.rangeClosed(1, LAST).boxed().toList());
        Collections.shuffle(generations, new Random(7));
        AtomicInteger next = new AtomicInteger();
        AtomicInteger writing = new AtomicInteger(WRITERS);
        List<Callable<Long>> work = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            FileSnapshotStore store = store();
            work.add(() -> {
                for (int turn = next.getAndIncrement(); turn < LAST; turn = next.getAndIncrement()) {
                    long generation = generations.get(turn);
                    store.publish(snapshot(generation)).get();
                    assertThat(loaded(store)).isGreaterThanOrEqualTo(generation);
                }
                writing.decrementAndGet();
                return 0L;
            });
        }
        for (int i = 0; i < READERS; i++) {
            FileSnapshotStore store = store();
            work.add(() -> {
                long seen = 0;
                while (writing.get() > 0) {
                    long now = loaded(store);
                    assertThat(now).isGreaterThanOrEqualTo(seen);
                    seen = now;
                }
                return seen;
            });
        }
        all(work);

        assertThat(loaded(store())).isEqualTo(LAST);
    }

    /** Purges run after the writers: what a purge that is over has covered, nobody loads, however late it is published. */
    @Test
    void whatIsPurgedIsNeverLoadedAgain() throws Exception {
        AtomicLong newest = new AtomicLong();
        AtomicLong purged = new AtomicLong();
        AtomicInteger writing = new AtomicInteger(WRITERS);
        List<Callable<Long>> work = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            FileSnapshotStore store = store();
            work.add(() -> {
                Random random = new Random(11);
                while (newest.get() < LAST) {
                    long generation = newest.incrementAndGet() - random.nextInt(10);
                    store.publish(snapshot(Math.max(generation, 0))).get();
                }
                writing.decrementAndGet();
                return 0L;
            });
        }
        work.add(() -> {
            FileSnapshotStore store = store();
            while (writing.get() > 0) {
                long upTo = newest.get();
                store.purge(ADDRESS, upTo).get();
                purged.set(upTo);
            }
            return 0L;
        });
        work.add(() -> {
            FileSnapshotStore store = store();
            long checked = 0;
            while (writing.get() > 0) {
                long before = purged.get();
                long now = loaded(store);
                assertThat(now == 0 || now > before)
                        .as("loaded %d, purged to %d", now, before)
                        .isTrue();
                checked++;
            }
            return checked;
        });
        all(work);

        store().purge(ADDRESS, LAST + WRITERS).get();
        store().publish(snapshot(LAST)).get();
        assertThat(loaded(store())).isZero();
    }

    private void all(List<Callable<Long>> work) throws Exception {
        CyclicBarrier start = new CyclicBarrier(work.size());
        List<Future<Long>> running = new ArrayList<>();
        for (Callable<Long> one : work) {
            running.add(threads.submit(() -> {
                start.await();
                return one.call();
            }));
        }
        for (Future<Long> one : running) {
            one.get();
        }
    }

    private FileSnapshotStore store() {
        return FileSnapshotStore.in(folder.resolve("shared"));
    }

    private static StoredSnapshot snapshot(long generation) {
        byte[] document = Long.toString(generation).repeat(100).getBytes(StandardCharsets.US_ASCII);
        return new StoredSnapshot(ADDRESS, document, null, null, Instant.EPOCH, generation);
    }

    /** The generation that is kept, 0 when there is none. */
    private static long loaded(FileSnapshotStore store) throws Exception {
        Optional<StoredSnapshot> loaded = store.load(ADDRESS).get();
        if (loaded.isEmpty()) {
            return 0;
        }
        long generation = loaded.get().generation();
        assertThat(loaded.get().document()).isEqualTo(snapshot(generation).document());
        return generation;
    }
}
