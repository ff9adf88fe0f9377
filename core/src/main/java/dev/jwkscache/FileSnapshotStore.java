package dev.jwkscache;

import dev.jwkscache.SnapshotFolder.Kept;
import dev.jwkscache.spi.RefusedSnapshotException;
import dev.jwkscache.spi.SnapshotFormat;
import dev.jwkscache.spi.SnapshotRefusal;
import dev.jwkscache.spi.SnapshotStore;
import dev.jwkscache.spi.StoredSnapshot;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Keeps the last good key set of each address in a folder, so that a restart has keys at once, also while the provider is
 * out of order.
 *
 * <p>Each address has a folder of its own in there, named after its host and a digest, with one file for each of the last
 * two snapshots ({@code docs/snapshot-format.md} has the format) and an empty one for a purge, all named after their
 * generation. A snapshot is complete and on the disk before it gets its name, so that a process or a machine that stops at
 * any moment leaves the one before it or the new one, whole. The one of the latest generation counts.
 *
 * <p>Threads, stores and processes may share a folder, also over a network, as far as files keep their names there: no locks
 * are taken, so that nobody waits for anybody. What is published late never replaces what is later, and what was purged is
 * never loaded again. If two publish different snapshots of one generation at the same time, one of them stays.
 *
 * <p>Who can write to the folder decides which keys are trusted. Folders and files are made for the owner alone
 * ({@code rwx------}, {@code rw-------}), and without a key everything fails if the folder or what is kept in it belongs to
 * neither the user of this process nor root, or can be written by its group or by others. With a key
 * ({@link #signedWith}) nothing counts but what was signed with it, whoever has written it; they can still put an older
 * snapshot back, or remove it. Where a file system has no POSIX permissions, such as on Windows, new files get the rights of
 * the folder, nothing is refused for its rights, and entries of folders are not forced to the disk.
 *
 * <p>Immutable and thread-safe. Everything is done when a method returns, with a future that is complete. A future fails with
 * {@link RefusedSnapshotException} when what is kept cannot be believed, with {@link IOException} when the folder or a file
 * cannot be used, and with {@link IllegalArgumentException} when a snapshot cannot be written
 * ({@link SnapshotFormat#write}); messages name the file and what to do. A snapshot of more than about 64 MiB is neither
 * written nor read. Watchers are told nothing.
 */
public final class FileSnapshotStore implements SnapshotStore {
    private static final int MAX_HOST_LENGTH = 40;
    private static final int DIGEST_BYTES = 16;
    /** Enough, since for each of them somebody else has published in between. */
    private static final int ATTEMPTS = 100;

    private final Path folder;
    private final SnapshotFormat format;

    private FileSnapshotStore(Path folder, SnapshotFormat format) {
        this.folder = folder;
        this.format = format;
    }

    /**
     * A store in a folder, without a key. Nothing is read or made before it is used; the folder is made, for the owner
     * alone, when the first snapshot is published.
     *
     * @param folder may be missing, and may be shared; a relative one counts from the working directory of now
     */
    public static FileSnapshotStore in(Path folder) {
        return new FileSnapshotStore(folder.toAbsolutePath().normalize(), SnapshotFormat.unsigned());
    }

    /**
     * The same store, which signs what it writes (HMAC-SHA-256, RFC 2104), and takes only what is signed with the same key.
     *
     * @param key at least {@value SnapshotFormat#MIN_KEY_BYTES} random bytes, the same after a restart; copied
     * @throws IllegalArgumentException if it is shorter
     */
    public FileSnapshotStore signedWith(byte[] key) {
        return new FileSnapshotStore(folder, SnapshotFormat.signed(key));
    }

    @Override
    public CompletableFuture<Optional<StoredSnapshot>> load(URI address) {
        try {
            return CompletableFuture.completedFuture(load(address, folderOf(address)));
        } catch (Exception e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Optional<StoredSnapshot> load(URI address, SnapshotFolder kept) throws Exception {
        if (!kept.exists()) {
            return Optional.empty();
        }
        checkOwner(kept);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Kept last = kept.kept();
            if (!last.hasSnapshot()) {
                return Optional.empty();
            }
            try {
                return Optional.of(read(address, kept, last.snapshot()));
            } catch (NoSuchFileException e) {
                // Somebody else has published a later one meanwhile.
            }
        }
        throw new IOException("the folder " + SnapshotFolder.shown(kept.folder())
                + " changed whenever it was read; see who" + " else writes to it");
    }

    private StoredSnapshot read(URI address, SnapshotFolder kept, long generation)
            throws IOException, RefusedSnapshotException {
        Path file = kept.snapshot(generation);
        try {
            StoredSnapshot snapshot = format.read(address, kept.read(file, !format.isSigned()));
            if (snapshot.generation() != generation) {
                throw new RefusedSnapshotException(
                        SnapshotRefusal.ALTERED, "its file has the name of another generation");
            }
            return snapshot;
        } catch (RefusedSnapshotException e) {
            throw new RefusedSnapshotException(e.refusal(), SnapshotFolder.shown(file) + ": " + e.getMessage());
        }
    }

    @Override
    public CompletableFuture<Void> publish(StoredSnapshot snapshot) {
        return outcome(() -> publish(snapshot, format.write(snapshot), folderOf(snapshot.address())));
    }

    private void publish(StoredSnapshot snapshot, byte[] bytes, SnapshotFolder kept) throws Exception {
        if (bytes.length > SnapshotFolder.MAX_BYTES) {
            throw new IllegalArgumentException("the snapshot has " + bytes.length
                    + " bytes; a file of this store has at most " + SnapshotFolder.MAX_BYTES);
        }
        kept.create();
        checkOwner(kept);
        if (isLater(snapshot, kept)) {
            kept.add(snapshot.generation(), bytes);
        }
        kept.settle();
    }

    /** Whether nothing that counts is as late; what cannot be believed stands in nobody's way. */
    private boolean isLater(StoredSnapshot snapshot, SnapshotFolder kept) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Kept last = kept.kept();
            if (snapshot.generation() > last.snapshot()) {
                return true;
            }
            try {
                read(snapshot.address(), kept, last.snapshot());
                return false;
            } catch (RefusedSnapshotException e) {
                kept.delete(kept.snapshot(last.snapshot()));
            } catch (NoSuchFileException e) {
                // Somebody else has published a later one meanwhile, or removed this one for the same reason.
            }
        }
        return false;
    }

    @Override
    public CompletableFuture<Void> purge(URI address, long generation) {
        return outcome(() -> {
            SnapshotFolder kept = folderOf(address);
            kept.create();
            checkOwner(kept);
            if (generation > kept.kept().purge()) {
                kept.addPurge(generation);
            }
            kept.settle();
        });
    }

    private void checkOwner(SnapshotFolder kept) throws IOException {
        if (!format.isSigned()) {
            kept.checkOwner();
        }
    }

    private SnapshotFolder folderOf(URI address) {
        String text = address.toASCIIString();
        String host = address.getHost() == null ? "address" : address.getHost().toLowerCase(Locale.ROOT);
        String readable = host.replaceAll("[^a-z0-9.-]", "_");
        String name = readable.substring(0, Math.min(readable.length(), MAX_HOST_LENGTH)) + '-' + digest(text);
        return new SnapshotFolder(folder, folder.resolve(name));
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Something that can fail. */
    private interface Work {
        void run() throws Exception;
    }

    private static CompletableFuture<Void> outcome(Work work) {
        CompletableFuture<Void> outcome = new CompletableFuture<>();
        try {
            work.run();
            outcome.complete(null);
        } catch (Exception e) {
            outcome.completeExceptionally(e);
        }
        return outcome;
    }

    /** The folder and whether it signs; never the key. */
    @Override
    public String toString() {
        return "FileSnapshotStore[" + SnapshotFolder.shown(folder) + (format.isSigned() ? ", signed]" : "]");
    }
}
