package dev.jwkscache;

import dev.jwkscache.spi.StoredSnapshot;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.ExecutionException;

/** A process that publishes one snapshot after the other until it is killed, and needs nothing but the library. */
final class EndlessPublisher {
    private static final int LARGEST = 300 << 10;

    private EndlessPublisher() {}

    /**
     * Publishes for ever, for several addresses side by side, so that most instants are in the middle of something.
     *
     * @param arguments the folder, and the number of addresses
     */
    public static void main(String[] arguments) {
        FileSnapshotStore store = FileSnapshotStore.in(Path.of(arguments[0]));
        for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
            int index = i;
            new Thread(() -> publish(store, index)).start();
        }
    }

    private static void publish(FileSnapshotStore store, int index) {
        try {
            URI address = address(index);
            long kept =
                    store.load(address).get().map(StoredSnapshot::generation).orElse(0L);
            store.publish(snapshot(address, kept + 1)).get();
            System.out.println("began " + index + " after " + kept);
            for (long generation = kept + 2; ; generation++) {
                store.publish(snapshot(address, generation)).get();
            }
        } catch (ExecutionException | InterruptedException e) {
            System.out.println("failed: " + e.getMessage());
        }
    }

    static URI address(int index) {
        return URI.create("https://idp.example/" + index);
    }

    /** Its document is told by its generation alone, and of any size up to the largest. */
    static StoredSnapshot snapshot(URI address, long generation) {
        Random random = new Random(generation);
        byte[] document = new byte[1 + random.nextInt(LARGEST)];
        random.nextBytes(document);
        return new StoredSnapshot(
                address, document, "\"" + generation + '"', null, Instant.ofEpochMilli(generation), generation);
    }
}
