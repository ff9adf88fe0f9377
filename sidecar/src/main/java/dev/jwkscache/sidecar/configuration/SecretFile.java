package dev.jwkscache.sidecar.configuration;

import dev.jwkscache.spi.SnapshotFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Reads files that hold a secret; what they hold is never part of a message. */
public final class SecretFile {
    private static final int MOST_BYTES = 4096;
    private static final int LEAST_CHARACTERS = 16;
    private static final Set<PosixFilePermission> OF_OTHERS =
            EnumSet.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

    private SecretFile() {}

    /**
     * Reads the key that snapshots are signed with: all bytes of the file, a line end too.
     *
     * @throws IOException if it cannot be read, is too short or has more than 4096 bytes; the message is fit for people
     */
    public static byte[] hmacKey(Path file) throws IOException {
        byte[] key = read(file);
        if (key.length < SnapshotFormat.MIN_KEY_BYTES) {
            throw new IOException("has " + key.length + " bytes; a key is at least " + SnapshotFormat.MIN_KEY_BYTES
                    + " random ones, such as 'openssl rand -out FILE 32' makes");
        }
        return key;
    }

    /** Reads the token that the management server asks for: the first line. */
    static String token(Path file) throws IOException {
        String line = new String(read(file), StandardCharsets.ISO_8859_1)
                .lines()
                .findFirst()
                .orElse("")
                .strip();
        if (line.length() < LEAST_CHARACTERS) {
            throw new IOException("has " + line.length() + " characters in its first line; a token has at least "
                    + LEAST_CHARACTERS + ", such as 'openssl rand -hex 32' makes");
        }
        if (!line.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw new IOException(
                    "has something else than visible ASCII characters in its first line; 'openssl rand -hex 32'"
                            + " makes a token");
        }
        return line;
    }

    /** Warns if somebody else than the owner can read it. */
    static void warnOfReaders(String source, Path file, Consumer<String> warnings) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.stream().anyMatch(OF_OTHERS::contains)) {
                warnings.accept(source + " names " + Faults.quoted(file.toString())
                        + ", which others than its owner can read; take the right away (chmod go-r)");
            }
        } catch (IOException | UnsupportedOperationException e) {
            // Not readable is told by who reads it; a system without POSIX permissions has none to complain of.
        }
    }

    /** Reads a secret if its file is named; empty, with a fault, if it holds none. */
    static <T> Optional<T> read(Given file, Reader<T> reader, Faults faults, Consumer<String> warnings) {
        Path path = Path.of(file.text());
        try {
            T secret = reader.read(path);
            warnOfReaders(file.source(), path, warnings);
            return Optional.of(secret);
        } catch (IOException e) {
            String why = e.getClass() == IOException.class
                    ? String.valueOf(e.getMessage())
                    : "cannot be read (" + e.getClass().getSimpleName() + ")";
            faults.add(file.source() + " is " + Faults.quoted(file.text()) + ", which " + why);
            return Optional.empty();
        }
    }

    /** Gets a secret out of a file. */
    interface Reader<T> {
        T read(Path file) throws IOException;
    }

    private static byte[] read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MOST_BYTES + 1);
            if (content.length > MOST_BYTES) {
                Arrays.fill(content, (byte) 0);
                throw new IOException("has more than " + MOST_BYTES + " bytes");
            }
            return content;
        }
    }
}
