package dev.jwkscache.sidecar.history;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files that one process writes, in a lane of their own that a lock keeps for it: {@code history-LANE-NUMBER.jsonl},
 * the highest number last. Not thread-safe.
 */
final class HistoryFiles {
    private static final int NEWLINE = '\n';

    private final Path folder;
    private final long maxBytes;
    private final int maxFiles;

    private @Nullable FileChannel lock;
    private int lane;
    private @Nullable HistoryFile file;
    private @Nullable FileChannel channel;
    private long size;
    private int appends;

    HistoryFiles(Path folder, long maxBytes, int maxFiles) {
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.maxFiles = maxFiles;
    }

    /** Opens the last file, after whatever a crash has left in it, or a new one. */
    void open() throws IOException {
        closeFile();
        Files.createDirectories(folder, attributes("rwx------"));
        if (lock == null) {
            lock = takeLane();
        }
        List<HistoryFile> files = HistoryFile.of(folder, lane);
        if (files.isEmpty()) {
            create(1);
            return;
        }
        HistoryFile last = files.get(files.size() - 1);
        long bytes = Files.size(last.path());
        if (bytes >= maxBytes) {
            create(last.number() + 1);
            return;
        }
        FileChannel opened = FileChannel.open(
                last.path(), Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
        use(last, opened, bytes);
        opened.position(bytes);
        endTornLine(opened, bytes);
    }

    /** Whether a line of that many bytes belongs into the next file. */
    boolean isFull(int bytes) {
        // A file that only holds the state it began with takes one more line, however small it is meant to be.
        return size + bytes > maxBytes && appends > 1;
    }

    /** Begins the next file and deletes those that are too many. */
    void next() throws IOException {
        HistoryFile current = file;
        closeFile();
        create(current == null ? 1 : current.number() + 1);
    }

    void append(byte[] lines) throws IOException {
        FileChannel open = channel;
        if (open == null || file == null) {
            throw new IOException("no file is open");
        }
        if (!Files.exists(file.path())) {
            throw new NoSuchFileException(file.path().toString(), null, "somebody has deleted it");
        }
        write(open, lines);
        appends++;
    }

    void close() throws IOException {
        closeFile();
        FileChannel held = lock;
        lock = null;
        if (held != null) {
            held.close();
        }
    }

    /** Whether a process holds that lane. */
    static boolean isHeld(Path folder, int lane) {
        try (FileChannel lock = FileChannel.open(HistoryFile.lock(folder, lane), StandardOpenOption.READ);
                FileLock free = lock.tryLock(0, Long.MAX_VALUE, true)) {
            return free == null;
        } catch (OverlappingFileLockException e) {
            // This process does.
            return true;
        } catch (IOException e) {
            // A copy of the files has no lock.
            return false;
        }
    }

    private FileChannel takeLane() throws IOException {
        for (int candidate = 1; candidate <= HistoryFile.LANES; candidate++) {
            Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileChannel open = FileChannel.open(HistoryFile.lock(folder, candidate), options, attributes("rw-------"));
            if (take(open)) {
                lane = candidate;
                return open;
            }
            open.close();
        }
        throw new IOException("more than " + HistoryFile.LANES + " processes record in this folder");
    }

    private static boolean take(FileChannel open) throws IOException {
        try {
            return open.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            open.close();
            throw e;
        }
    }

    private void create(int number) throws IOException {
        HistoryFile created = new HistoryFile(HistoryFile.path(folder, lane, number), lane, number);
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        use(created, FileChannel.open(created.path(), options, attributes("rw-------")), 0);
        List<HistoryFile> files = HistoryFile.of(folder, lane);
        for (HistoryFile old : files.subList(0, Math.max(0, files.size() - 1 - maxFiles))) {
            Files.deleteIfExists(old.path());
        }
    }

    private void use(HistoryFile opened, FileChannel into, long bytes) {
        file = opened;
        channel = into;
        size = bytes;
        appends = 0;
    }

    private void endTornLine(FileChannel open, long bytes) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        if (bytes > 0 && open.read(last, bytes - 1) == 1 && last.get(0) != NEWLINE) {
            write(open, new byte[] {NEWLINE});
        }
    }

    private void write(FileChannel open, byte[] lines) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(lines);
        while (rest.hasRemaining()) {
            size += open.write(rest);
        }
    }

    private void closeFile() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }

    private FileAttribute<?>[] attributes(String permissions) {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
