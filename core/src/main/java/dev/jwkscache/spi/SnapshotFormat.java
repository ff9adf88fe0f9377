package dev.jwkscache.spi;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Writes a {@link StoredSnapshot} as bytes, and reads it back: a few lines of text about the document, a seal over
 * everything, an empty line, and the document as it came. {@code docs/snapshot-format.md} has the format.
 *
 * <p>The seal of an {@linkplain #unsigned() unsigned} snapshot is a SHA-256: whatever was altered by accident is noticed.
 * That of a {@linkplain #signed(byte[]) signed} one is an HMAC-SHA-256 (RFC 2104): nobody without the key can alter the
 * document, its age, its address or its generation. Neither tells an older snapshot from the last one.
 *
 * <p>Immutable and thread-safe. Whether a snapshot is too old, from the future or of no use is for its reader to judge.
 */
public final class SnapshotFormat {
    /** The fewest bytes that a key may have: those of the digest, as RFC 2104 §3 advises. */
    public static final int MIN_KEY_BYTES = 32;

    /** The most characters of an address, an entity tag or a date; 16 KiB. */
    public static final int MAX_VALUE_LENGTH = 16 << 10;

    private static final String TITLE = "jwks-cache snapshot ";
    private static final byte[] FIRST_LINE = ascii(TITLE + "1\n");
    private static final String ADDRESS = "address: ";
    private static final String FETCHED_AT = "fetched-at: ";
    private static final String GENERATION = "generation: ";
    private static final String ETAG = "etag: ";
    private static final String LAST_MODIFIED = "last-modified: ";
    private static final String LENGTH = "length: ";
    private static final String DIGEST = "sha-256: ";
    private static final String SIGNATURE = "hmac-sha-256: ";

    private static final DateTimeFormatter MILLISECONDS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();
    /** Of a moment in the years 0000 to 9999. */
    private static final int MOMENT_LENGTH = "1970-01-01T00:00:00.000Z".length();

    private final @Nullable SecretKeySpec key;

    private SnapshotFormat(@Nullable SecretKeySpec key) {
        this.key = key;
    }

    /** The format without a key: it trusts whoever can write to the store, and takes no signed snapshot. */
    public static SnapshotFormat unsigned() {
        return new SnapshotFormat(null);
    }

    /**
     * The format with a key: it takes only what was signed with the same one.
     *
     * @param key at least {@value #MIN_KEY_BYTES} random bytes, the same for all who share the store; copied
     * @throws IllegalArgumentException if the key is shorter
     */
    public static SnapshotFormat signed(byte[] key) {
        if (key.length < MIN_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "the key that signs snapshots has " + key.length + " bytes; it needs at least " + MIN_KEY_BYTES
                            + " random ones, such as those of «openssl rand " + MIN_KEY_BYTES + "»");
        }
        return new SnapshotFormat(new SecretKeySpec(key, "HmacSHA256"));
    }

    /** Whether this format has a key. */
    public boolean isSigned() {
        return key != null;
    }

    /**
     * Writes a snapshot.
     *
     * @return its bytes, of which nobody else has a reference
     * @throws IllegalArgumentException if it cannot be written so that it can be read: the generation is negative, the
     *     fetch was not in the years 0000 to 9999, the address is longer than {@link #MAX_VALUE_LENGTH} characters, or the
     *     entity tag or the date is that, or empty, or more than visible ASCII with spaces between
     */
    public byte[] write(StoredSnapshot snapshot) {
        String fetchedAt = MILLISECONDS.format(snapshot.fetchedAt());
        if (snapshot.generation() < 0) {
            throw new IllegalArgumentException("the generation " + snapshot.generation() + " is negative");
        }
        if (fetchedAt.length() != MOMENT_LENGTH) {
            throw new IllegalArgumentException("fetchedAt " + fetchedAt + " is not in the years 0000 to 9999");
        }
        StringBuilder lines = new StringBuilder(512);
        lines.append(TITLE).append("1\n");
        append(lines, ADDRESS, snapshot.address().toASCIIString());
        append(lines, FETCHED_AT, fetchedAt);
        append(lines, GENERATION, Long.toString(snapshot.generation()));
        append(lines, ETAG, snapshot.etag());
        append(lines, LAST_MODIFIED, snapshot.lastModified());
        append(lines, LENGTH, Integer.toString(snapshot.document().length));
        byte[] before = ascii(lines.toString());
        byte[] after = new byte[1 + snapshot.document().length];
        after[0] = '\n';
        System.arraycopy(snapshot.document(), 0, after, 1, snapshot.document().length);
        byte[] seal = ascii((key == null ? DIGEST : SIGNATURE) + seal(before, before.length, after, 0) + '\n');
        byte[] whole = Arrays.copyOf(before, before.length + seal.length + after.length);
        System.arraycopy(seal, 0, whole, before.length, seal.length);
        System.arraycopy(after, 0, whole, before.length + seal.length, after.length);
        return whole;
    }

    private static void append(StringBuilder lines, String name, @Nullable String value) {
        if (value == null) {
            return;
        }
        if (!isValue(value)) {
            throw new IllegalArgumentException("the value of \"" + name.strip() + "\" has " + value.length()
                    + " characters; it can be kept with 1 to " + MAX_VALUE_LENGTH
                    + ", all of them visible ASCII, with spaces between");
        }
        lines.append(name).append(value).append('\n');
    }

    /**
     * Reads a snapshot that {@link #write} has written. Whatever the bytes are, it ends as declared here, in time and memory that
     * grow with their number alone.
     *
     * @param address the address that the snapshot must be of
     * @param bytes all that is kept; copied
     * @throws RefusedSnapshotException if they are no snapshot in this version of the format, are cut off or too many, were
     *     altered, are signed though this format has no key or the reverse, or are of another address
     */
    public StoredSnapshot read(URI address, byte[] bytes) throws RefusedSnapshotException {
        Lines lines = new Lines(bytes);
        lines.first();
        String of = lines.value(ADDRESS);
        Instant fetchedAt = moment(lines.value(FETCHED_AT));
        long generation = number(GENERATION, lines.value(GENERATION));
        String etag = lines.at(ETAG) ? lines.value(ETAG) : null;
        String lastModified = lines.at(LAST_MODIFIED) ? lines.value(LAST_MODIFIED) : null;
        long length = number(LENGTH, lines.value(LENGTH));
        int before = lines.next;
        boolean signed = lines.at(SIGNATURE);
        String seal = lines.value(signed ? SIGNATURE : DIGEST);
        int after = lines.next;
        lines.end();
        if (length != bytes.length - lines.next) {
            throw new RefusedSnapshotException(
                    SnapshotRefusal.TRUNCATED,
                    "the document has " + (bytes.length - lines.next) + " bytes instead of " + length);
        }
        if (signed != isSigned()) {
            throw new RefusedSnapshotException(
                    SnapshotRefusal.SIGNATURE,
                    signed
                            ? "the snapshot is signed, and this store has no key to check it with"
                            : "the snapshot is not signed, and this store takes only what is signed with its key");
        }
        if (!MessageDigest.isEqual(ascii(seal), ascii(seal(bytes, before, bytes, after)))) {
            throw new RefusedSnapshotException(
                    SnapshotRefusal.ALTERED,
                    signed
                            ? "the snapshot was altered, or signed with another key than that of this store"
                            : "the snapshot was altered: its SHA-256 is another");
        }
        if (!of.equals(address.toASCIIString())) {
            throw new RefusedSnapshotException(SnapshotRefusal.ADDRESS, "the snapshot is of another address");
        }
        byte[] document = Arrays.copyOfRange(bytes, lines.next, bytes.length);
        return new StoredSnapshot(address, document, etag, lastModified, fetchedAt, generation);
    }

    private static Instant moment(String text) throws RefusedSnapshotException {
        if (text.length() == MOMENT_LENGTH) {
            try {
                Instant moment = MILLISECONDS.parse(text, Instant::from);
                // What is read is more than what is written: 24:00, leap seconds, lower case.
                if (MILLISECONDS.format(moment).equals(text)) {
                    return moment;
                }
            } catch (DateTimeException e) {
                throw malformed(FETCHED_AT);
            }
        }
        throw malformed(FETCHED_AT);
    }

    private static long number(String name, String text) throws RefusedSnapshotException {
        try {
            long number = Long.parseLong(text);
            if (number >= 0 && Long.toString(number).equals(text)) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw malformed(name);
        }
        throw malformed(name);
    }

    private static RefusedSnapshotException malformed(String line) {
        return new RefusedSnapshotException(
                SnapshotRefusal.FORMAT, "where the header should have \"" + line.strip() + "\" it has something else");
    }

    /** Visible ASCII and spaces between, as in a header field (RFC 9110 §5.5): nothing that could begin a line. */
    private static boolean isValue(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_VALUE_LENGTH
                && text.charAt(0) != ' '
                && text.charAt(text.length() - 1) != ' '
                && text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    /** The digest of the first bytes of one array and all from a place in another, in hexadecimal. */
    private String seal(byte[] head, int headLength, byte[] tail, int tailStart) {
        try {
            if (key == null) {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                digest.update(head, 0, headLength);
                digest.update(tail, tailStart, tail.length - tailStart);
                return HexFormat.of().formatHex(digest.digest());
            }
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(head, 0, headLength);
            mac.update(tail, tailStart, tail.length - tailStart);
            return HexFormat.of().formatHex(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256 and HmacSHA256", e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether it signs; never the key. */
    @Override
    public String toString() {
        return isSigned() ? "SnapshotFormat[signed]" : "SnapshotFormat[unsigned]";
    }

    /** The lines before the document, one after the other. */
    private static final class Lines {
        private static final int MAX_LENGTH = MAX_VALUE_LENGTH + LAST_MODIFIED.length();

        private final byte[] bytes;
        private int next;

        private Lines(byte[] bytes) {
            this.bytes = bytes;
        }

        private void first() throws RefusedSnapshotException {
            int same = Arrays.mismatch(bytes, FIRST_LINE);
            if (same == bytes.length) {
                throw cutOff();
            }
            if (same >= 0 && same < FIRST_LINE.length) {
                throw new RefusedSnapshotException(
                        SnapshotRefusal.FORMAT,
                        same >= TITLE.length()
                                ? "the snapshot is in another version of the format than 1"
                                : "this is no snapshot of jwks-cache");
            }
            next = FIRST_LINE.length;
        }

        /** Whether the next line is the one of that name. */
        private boolean at(String name) throws RefusedSnapshotException {
            return line().startsWith(name);
        }

        /** The value of the next line, which must be the one of that name. */
        private String value(String name) throws RefusedSnapshotException {
            String line = line();
            if (!line.startsWith(name) || !isValue(line.substring(name.length()))) {
                throw malformed(name);
            }
            next += line.length() + 1;
            return line.substring(name.length());
        }

        private void end() throws RefusedSnapshotException {
            if (!line().isEmpty()) {
                throw new RefusedSnapshotException(SnapshotRefusal.FORMAT, "the header does not end with its seal");
            }
            next++;
        }

        private String line() throws RefusedSnapshotException {
            int most = Math.min(bytes.length, next + MAX_LENGTH + 1);
            for (int i = next; i < most; i++) {
                if (bytes[i] == '\n') {
                    return new String(bytes, next, i - next, StandardCharsets.ISO_8859_1);
                }
            }
            if (most < bytes.length) {
                throw new RefusedSnapshotException(
                        SnapshotRefusal.FORMAT, "a line of the header has more than " + MAX_LENGTH + " characters");
            }
            throw cutOff();
        }

        private RefusedSnapshotException cutOff() {
            return new RefusedSnapshotException(
                    SnapshotRefusal.TRUNCATED, "the snapshot ends after " + bytes.length + " bytes, inside its header");
        }
    }
}
