package dev.jwkscache;

import dev.jwkscache.spi.RefusedSnapshotException;
import dev.jwkscache.spi.SnapshotRefusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is kept on disk for one address: a folder with files that are named after their generation, and never changed once
 * they have that name. The last one counts, so that whoever is late adds a file that counts for nothing: no lock is needed,
 * neither between threads nor between processes.
 */
record SnapshotFolder(Path store, Path folder) {
    /** The largest file that is read or written: 64 MiB, and room for the lines before the document. */
    static final int MAX_BYTES = (64 << 20) + (64 << 10);

    private static final String SNAPSHOT = ".jwks";
    private static final String PURGE = ".purged";
    private static final Pattern KEPT = Pattern.compile("(0|[1-9][0-9]{0,18})(\\.jwks|\\.purged)");
    private static final Pattern TEMPORARY = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.tmp");
    /** No write takes that long; what is older was left by a process that is gone. */
    private static final Duration LEFT_BEHIND = Duration.ofMinutes(10);

    /**
     * The last generations in a folder, -1 where there is none.
     *
     * @param snapshot of the last snapshot
     * @param snapshotBefore of the one before it
     * @param purge up to which everything was purged
     * @param purgeBefore of the purge before that
     */
    record Kept(long snapshot, long snapshotBefore, long purge, long purgeBefore) {
        private static final Kept NOTHING = new Kept(-1, -1, -1, -1);

        boolean hasSnapshot() {
            return snapshot > purge;
        }

        private Kept withSnapshot(long generation) {
            return generation > snapshot
                    ? new Kept(generation, snapshot, purge, purgeBefore)
                    : new Kept(snapshot, Math.max(generation, snapshotBefore), purge, purgeBefore);
        }

        private Kept withPurge(long generation) {
            return generation > purge
                    ? new Kept(snapshot, snapshotBefore, generation, purge)
                    : new Kept(snapshot, snapshotBefore, purge, Math.max(generation, purgeBefore));
        }

        /** Two of each stay: a listing that goes on while one is added and one removed must not miss both. */
        private boolean isSurpassed(long generation, String kind) {
            return kind.equals(SNAPSHOT)
                    ? generation < snapshotBefore || generation <= purge
                    : generation < purgeBefore;
        }
    }

    /** Does something with a file and its name. */
    private interface Visitor {
        void visit(Path file, String name) throws IOException;
    }

    /** Makes what is missing, for the owner alone. */
    void create() throws IOException {
        try {
            Files.createDirectories(store, OwnerOnly.folder(store.getFileSystem()));
        } catch (IOException e) {
            throw failure(
                    "the folder for snapshots", store, "cannot be made", e, "name a folder that this process may make");
        }
        try {
            Files.createDirectory(folder, OwnerOnly.folder(folder.getFileSystem()));
            force(store);
        } catch (FileAlreadyExistsException e) {
            // The usual case, and what it is will be looked at.
        } catch (IOException e) {
            throw failure("the folder", folder, "cannot be made", e, "let this process write to the folder above it");
        }
        if (!exists()) {
            throw new IOException(shown(folder) + " was removed while it was used; see who else removes it");
        }
    }

    /** False: there is none yet. A newer JDK also says «no such file» of what lies below a file. */
    private boolean mayBeMade() throws IOException {
        Path there = folder;
        while (there != null && Files.notExists(there)) {
            there = there.getParent();
        }
        if (there != null && !Files.isDirectory(there)) {
            IOException cause = new FileSystemException(there.toString(), null, "Not a directory");
            throw failure("the folder", folder, "cannot be looked at", cause, "let this process read it");
        }
        return false;
    }

    /** Whether there is one. */
    boolean exists() throws IOException {
        try {
            if (attributes(folder).isDirectory()) {
                return true;
            }
        } catch (NoSuchFileException e) {
            return mayBeMade();
        } catch (IOException e) {
            throw failure("the folder", folder, "cannot be looked at", e, "let this process read it");
        }
        throw new IOException(shown(folder) + " is no folder; remove it");
    }

    /**
     * Does nothing where only the user of this process decides what is in here.
     *
     * @throws IOException if anybody else does
     */
    void checkOwner() throws IOException {
        OwnerOnly.check(store);
        OwnerOnly.check(folder, LinkOption.NOFOLLOW_LINKS);
    }

    Kept kept() throws IOException {
        Kept[] kept = {Kept.NOTHING};
        forEach((file, name) -> {
            long generation = generation(name);
            if (generation >= 0) {
                kept[0] = name.endsWith(SNAPSHOT) ? kept[0].withSnapshot(generation) : kept[0].withPurge(generation);
            }
        });
        return kept[0];
    }

    Path snapshot(long generation) {
        return folder.resolve(generation + SNAPSHOT);
    }

    /**
     * Reads a file whole.
     *
     * @throws NoSuchFileException if it is gone
     * @throws RefusedSnapshotException if it is larger than anything that is written
     */
    byte[] read(Path file, boolean ownerOnly) throws IOException, RefusedSnapshotException {
        try {
            BasicFileAttributes attributes = attributes(file);
            // A link leads to what somebody else has written, and a pipe would be waited for.
            if (!attributes.isRegularFile()) {
                throw new IOException(shown(file) + " is no regular file; remove it");
            }
            if (ownerOnly) {
                OwnerOnly.check(file, LinkOption.NOFOLLOW_LINKS);
            }
            if (attributes.size() > MAX_BYTES) {
                throw new RefusedSnapshotException(
                        SnapshotRefusal.TRUNCATED,
                        "it has " + attributes.size() + " bytes, of which at most " + MAX_BYTES + " are read");
            }
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                return in.readNBytes(MAX_BYTES);
            }
        } catch (NoSuchFileException e) {
            throw e;
        } catch (FileSystemException e) {
            throw failure("the snapshot", file, "cannot be read", e, "let this process read it, or remove it");
        }
    }

    /** Adds a snapshot: complete and on the disk before it has its name. */
    void add(long generation, byte[] bytes) throws IOException {
        Path temporary = folder.resolve(UUID.randomUUID() + ".tmp");
        try {
            write(temporary, bytes);
            Files.move(temporary, snapshot(generation), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            delete(temporary);
            throw failure(
                    "the snapshot",
                    snapshot(generation),
                    "cannot be written",
                    e,
                    "see that its folder has space and that this process may write to it; what was kept is as it was");
        }
    }

    /** Adds a mark that says up to where everything was purged. Its name says it all. */
    void addPurge(long generation) throws IOException {
        Path mark = folder.resolve(generation + PURGE);
        try {
            write(mark, new byte[0]);
        } catch (FileAlreadyExistsException e) {
            // Somebody else has purged the same.
        } catch (IOException e) {
            throw failure(
                    "the purge",
                    mark,
                    "cannot be written",
                    e,
                    "see that its folder has space and that this process may write to it, or remove the folder");
        }
    }

    /** New, for it must not be a link that somebody has put there. */
    private void write(Path file, byte[] bytes) throws IOException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, OwnerOnly.file(file.getFileSystem()))) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    /** Makes what was added survive a power cut, then removes what it has surpassed, and what killed processes have left. */
    void settle() throws IOException {
        Kept kept = kept();
        try {
            force(folder);
        } catch (IOException e) {
            throw failure("the folder", folder, "cannot be forced to the disk", e, "look after the disk");
        }
        Instant leftBehind = Instant.now().minus(LEFT_BEHIND);
        forEach((file, name) -> {
            long generation = generation(name);
            if (generation >= 0
                    ? kept.isSurpassed(generation, name.endsWith(SNAPSHOT) ? SNAPSHOT : PURGE)
                    : TEMPORARY.matcher(name).matches() && isOlder(file, leftBehind)) {
                delete(file);
            }
        });
    }

    private static boolean isOlder(Path file, Instant moment) {
        try {
            return attributes(file).lastModifiedTime().toInstant().isBefore(moment);
        } catch (IOException e) {
            // Somebody else has removed it.
            return false;
        }
    }

    /** Removes a file that counts for nothing; another time if not now. */
    void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // Windows lets nobody remove what is being read.
        }
    }

    /** Writes the entries of a folder to the disk, where the platform can: Windows opens no folder. */
    private static void force(Path folder) throws IOException {
        if (OwnerOnly.knowsPermissions(folder.getFileSystem())) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private void forEach(Visitor visitor) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                visitor.visit(file, file.getFileName().toString());
            }
        } catch (DirectoryIteratorException e) {
            throw failure(
                    "the folder",
                    folder,
                    "cannot be read",
                    Objects.requireNonNull(e.getCause()),
                    "let this process read it");
        } catch (FileSystemException e) {
            throw failure("the folder", folder, "cannot be read", e, "let this process read it");
        }
    }

    /** The generation that a name tells; -1 where it is not one of ours. */
    private static long generation(String name) {
        Matcher matcher = KEPT.matcher(name);
        if (!matcher.matches()) {
            return -1;
        }
        try {
            return Long.parseLong(matcher.group(1));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static IOException failure(String what, Path path, String fault, IOException cause, String advice) {
        String reason = cause instanceof FileSystemException failed ? failed.getReason() : cause.getMessage();
        return new IOException(
                what + ' ' + shown(path) + ' ' + fault + " (" + cause.getClass().getSimpleName()
                        + (reason == null ? "" : ": " + SafeText.of(reason)) + "); " + advice,
                cause);
    }

    /** A path for messages, every part of it escaped and cut by itself, so that the last one is always seen. */
    static String shown(Path path) {
        String separator = path.getFileSystem().getSeparator();
        StringJoiner names = new StringJoiner(separator, path.isAbsolute() ? "\"" + separator : "\"", "\"");
        path.forEach(name -> names.add(SafeText.of(name.toString())));
        return names.toString();
    }
}
