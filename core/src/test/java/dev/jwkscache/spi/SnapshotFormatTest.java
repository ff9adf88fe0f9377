package dev.jwkscache.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotFormatTest {
    private static final URI ADDRESS = URI.create("https://idp.example/realms/é/certs?a=1");
    private static final Instant FETCHED_AT = Instant.parse("2026-03-01T07:08:09.010Z");
    private static final byte[] DOCUMENT = "{\"keys\":[],\n\n\"é\":1}".getBytes(StandardCharsets.UTF_8);
    private static final byte[] KEY = "this is a key of thirty-two byte".getBytes(StandardCharsets.US_ASCII);
    private static final int SEED = 20260301;

    /** Both kinds, with all that a header can have. */
    enum Kind {
        UNSIGNED(SnapshotFormat.unsigned(), "snapshot-1-unsigned.jwks"),
        SIGNED(SnapshotFormat.signed(KEY), "snapshot-1-signed.jwks");

        final SnapshotFormat format;
        final String golden;

        Kind(SnapshotFormat format, String golden) {
            this.format = format;
            this.golden = golden;
        }

        byte[] bytes() {
            return format.write(snapshot("W/\"a b\"", "Sun, 01 Mar 2026 07:00:00 GMT"));
        }
    }

    private static StoredSnapshot snapshot(@Nullable String etag, @Nullable String lastModified) {
        return new StoredSnapshot(ADDRESS, DOCUMENT, etag, lastModified, FETCHED_AT, 1772348889010L);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIsReadAsItWas(Kind kind) throws Exception {
        for (String etag : new String[] {null, "\"\\\"", "x".repeat(SnapshotFormat.MAX_VALUE_LENGTH)}) {
            for (String lastModified : new String[] {null, "Sun, 01 Mar 2026 07:00:00 GMT"}) {
                StoredSnapshot read = kind.format.read(ADDRESS, kind.format.write(snapshot(etag, lastModified)));

                assertThat(read.address()).isEqualTo(ADDRESS);
                assertThat(read.document()).isEqualTo(DOCUMENT);
                assertThat(read.etag()).isEqualTo(etag);
                assertThat(read.lastModified()).isEqualTo(lastModified);
                assertThat(read.fetchedAt()).isEqualTo(FETCHED_AT);
                assertThat(read.generation()).isEqualTo(1772348889010L);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0000-01-01T00:00:00Z, 0", "1970-01-01T00:00:00Z, 1", "9999-12-31T23:59:59.999Z, 9223372036854775807"})
    void theFirstAndTheLastOfWhatCanBeWrittenAreRead(Instant fetchedAt, long generation) throws Exception {
        for (Kind kind : Kind.values()) {
            StoredSnapshot written = new StoredSnapshot(ADDRESS, new byte[0], null, null, fetchedAt, generation);
            StoredSnapshot read = kind.format.read(ADDRESS, kind.format.write(written));

            assertThat(read.fetchedAt()).isEqualTo(fetchedAt);
            assertThat(read.generation()).isEqualTo(generation);
            assertThat(read.document()).isEmpty();
        }
    }

    /** What a later version of the library must still be able to read, byte for byte. */
    @ParameterizedTest
    @EnumSource
    void versionOneStaysAsItIs(Kind kind) throws Exception {
        byte[] golden;
        try (InputStream in = SnapshotFormatTest.class.getResourceAsStream(kind.golden)) {
            golden = in.readAllBytes();
        }
        assertThat(kind.bytes()).isEqualTo(golden);
        assertThat(kind.format.read(ADDRESS, golden).document()).isEqualTo(DOCUMENT);
    }

    @ParameterizedTest
    @EnumSource
    void everySingleBitIsHeld(Kind kind) {
        byte[] bytes = kind.bytes();
        Set<SnapshotRefusal> seen = EnumSet.noneOf(SnapshotRefusal.class);
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            seen.add(refusal(kind.format, ADDRESS, flipped));
        }
        assertThat(seen).containsExactly(SnapshotRefusal.FORMAT, SnapshotRefusal.TRUNCATED, SnapshotRefusal.ALTERED);
    }

    @ParameterizedTest
    @EnumSource
    void cutOffAnywhereItIsTruncated(Kind kind) {
        byte[] bytes = kind.bytes();
        for (int length = 0; length < bytes.length; length++) {
            assertThat(refusal(kind.format, ADDRESS, Arrays.copyOf(bytes, length)))
                    .as("cut to %d bytes", length)
                    .isEqualTo(SnapshotRefusal.TRUNCATED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatGoesOnTooLongIsRefused(Kind kind) {
        byte[] bytes = kind.bytes();
        for (int more : new int[] {1, 2, 1000}) {
            assertThat(refusal(kind.format, ADDRESS, Arrays.copyOf(bytes, bytes.length + more)))
                    .isEqualTo(SnapshotRefusal.TRUNCATED);
        }
    }

    /** With a seal that is right, so that nothing but the reading can refuse them. */
    @Test
    void noLineCanBeLeftOutDoubledOrMoved() {
        List<String> lines = header(Kind.UNSIGNED.bytes()).lines().toList();
        assertThat(lines).hasSize(7);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!line.startsWith("etag: ") && !line.startsWith("last-modified: ")) {
                refusedAsFormat(lines, changed -> changed.remove(line));
            }
            refusedAsFormat(lines, changed -> changed.add(changed.indexOf(line), line));
            for (int j = i + 1; j < lines.size(); j++) {
                int other = j;
                refusedAsFormat(lines, changed -> Collections.swap(changed, changed.indexOf(line), other));
            }
        }
    }

    private static void refusedAsFormat(List<String> lines, Consumer<List<String>> change) {
        List<String> changed = new ArrayList<>(lines);
        change.accept(changed);
        assertThat(refusal(SnapshotFormat.unsigned(), ADDRESS, sealed(String.join("\n", changed) + '\n')))
                .as("%s", changed)
                .isEqualTo(SnapshotRefusal.FORMAT);
    }

    /** With a seal that is right, so that nothing but the reading can refuse them. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            generation: 1772348889010         | generation: 01772348889010
            generation: 1772348889010         | generation: -1
            generation: 1772348889010         | generation: 9223372036854775808
            generation: 1772348889010         | generation: +1
            generation: 1772348889010         | generation: 1e9
            length: 20                        | length: 020
            length: 20                        | length: 0x14
            2026-03-01T07:08:09.010Z          | 2026-03-01T07:08:09.01Z
            2026-03-01T07:08:09.010Z          | 2026-02-30T07:08:09.010Z
            2026-03-01T07:08:09.010Z          | 2026-03-01T24:00:00.000Z
            2026-03-01T07:08:09.010Z          | 2026-03-01t07:08:09.010z
            2026-03-01T07:08:09.010Z          | 2026-06-30T23:59:60.000Z
            2026-03-01T07:08:09.010Z          | +12026-03-01T07:08:09.0Z
            fetched-at:                       | Fetched-At:
            etag: W/                          | etag:  W/
            etag: W/                          | etag: é
            etag: W/                          | etag: \\r
            etag: W/                          | x-tag: W/
            """)
    void whatWouldNotBeWrittenIsNotRead(String as, String otherwise) {
        String header = header(Kind.UNSIGNED.bytes());
        assertThat(header).contains(as);

        assertThat(refusal(
                        SnapshotFormat.unsigned(), ADDRESS, sealed(header.replace(as, otherwise.replace("\\r", "\r")))))
                .isEqualTo(SnapshotRefusal.FORMAT);
    }

    @Test
    void longLinesAreRefusedBeforeTheyAreCopied() {
        String header = header(Kind.UNSIGNED.bytes());
        for (int length : new int[] {SnapshotFormat.MAX_VALUE_LENGTH + 1, 1 << 20}) {
            assertThat(refusal(
                            SnapshotFormat.unsigned(),
                            ADDRESS,
                            sealed(header.replace("W/\"a b\"", "x".repeat(length)))))
                    .isEqualTo(SnapshotRefusal.FORMAT);
        }
    }

    @Test
    void theSealOfATestIsTheSealOfTheFormat() throws Exception {
        byte[] bytes = Kind.UNSIGNED.bytes();

        assertThat(sealed(header(bytes))).isEqualTo(bytes);
    }

    @Test
    void anotherVersionAndAnotherKindOfFileAreNoSnapshots() {
        for (String other : List.of("jwks-cache snapshot 2\n", "jwks-cache snapshot 11\naddress: x\n")) {
            assertThat(refused(SnapshotFormat.unsigned(), ADDRESS, other.getBytes(StandardCharsets.US_ASCII)))
                    .hasMessage("the snapshot is in another version of the format than 1")
                    .extracting(RefusedSnapshotException::refusal)
                    .isEqualTo(SnapshotRefusal.FORMAT);
        }
        for (byte[] other : List.of(DOCUMENT, new byte[] {0, 0, 0, 0}, "\n\n".getBytes(StandardCharsets.US_ASCII))) {
            assertThat(refused(SnapshotFormat.unsigned(), ADDRESS, other))
                    .hasMessage("this is no snapshot of jwks-cache")
                    .extracting(RefusedSnapshotException::refusal)
                    .isEqualTo(SnapshotRefusal.FORMAT);
        }
    }

    @Test
    void anotherKeyAndNoKeyAreToldApart() {
        byte[] otherKey = KEY.clone();
        otherKey[31]++;

        assertThat(refusal(SnapshotFormat.signed(otherKey), ADDRESS, Kind.SIGNED.bytes()))
                .isEqualTo(SnapshotRefusal.ALTERED);
        assertThat(refusal(SnapshotFormat.unsigned(), ADDRESS, Kind.SIGNED.bytes()))
                .isEqualTo(SnapshotRefusal.SIGNATURE);
        assertThat(refusal(SnapshotFormat.signed(KEY), ADDRESS, Kind.UNSIGNED.bytes()))
                .isEqualTo(SnapshotRefusal.SIGNATURE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://idp.example/realms/é/certs?a=2",
                "https://idp.example/realms/é/certs",
                "https://IDP.example/realms/é/certs?a=1",
                "http://idp.example/realms/é/certs?a=1"
            })
    void aSnapshotOfAnotherAddressIsRefused(URI other) {
        for (Kind kind : Kind.values()) {
            assertThat(refusal(kind.format, other, kind.bytes())).isEqualTo(SnapshotRefusal.ADDRESS);
        }
    }

    @Test
    void aKeyIsCopiedLongEnoughAndNeverShown() throws Exception {
        byte[] key = KEY.clone();
        SnapshotFormat format = SnapshotFormat.signed(key);
        Arrays.fill(key, (byte) 0);

        assertThat(format.read(ADDRESS, Kind.SIGNED.bytes()).document()).isEqualTo(DOCUMENT);
        assertThat(format).hasToString("SnapshotFormat[signed]");
        assertThat(SnapshotFormat.unsigned()).hasToString("SnapshotFormat[unsigned]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SnapshotFormat.signed(Arrays.copyOf(KEY, 31)))
                .withMessageContaining("has 31 bytes; it needs at least 32");
    }

    @Test
    void whatCouldNotBeReadIsNotWritten() {
        for (String value :
                List.of("", " x", "x ", "a\nb", "é", "\t", "x".repeat(SnapshotFormat.MAX_VALUE_LENGTH + 1))) {
            notWritten(snapshot(value, null), "the value of \"etag:\" has " + value.length() + " characters");
            notWritten(snapshot(null, value), "the value of \"last-modified:\" has");
        }
        URI longAddress = URI.create("https://idp.example/" + "x".repeat(SnapshotFormat.MAX_VALUE_LENGTH));
        notWritten(
                new StoredSnapshot(longAddress, DOCUMENT, null, null, FETCHED_AT, 1), "the value of \"address:\" has");
        notWritten(new StoredSnapshot(ADDRESS, DOCUMENT, null, null, FETCHED_AT, -1), "the generation -1 is negative");
        notWritten(
                new StoredSnapshot(ADDRESS, DOCUMENT, null, null, Instant.parse("+10000-01-01T00:00:00Z"), 1),
                "is not in the years 0000 to 9999");
    }

    /** Octets that nobody has thought of: cut, mixed and doubled pieces of good snapshots, and noise. */
    @Test
    void nothingButARefusalComesOfNoise() {
        Random random = new Random(SEED);
        byte[][] good = {Kind.UNSIGNED.bytes(), Kind.SIGNED.bytes(), Kind.UNSIGNED.format.write(snapshot(null, null))};
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = good[random.nextInt(good.length)].clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                bytes = changed(bytes, random);
            }
            byte[] mutant = bytes;
            if (Arrays.stream(good).noneMatch(one -> Arrays.equals(one, mutant))) {
                refusal(i % 2 == 0 ? Kind.UNSIGNED.format : Kind.SIGNED.format, ADDRESS, bytes);
            }
        }
    }

    private static byte[] changed(byte[] bytes, Random random) {
        int from = random.nextInt(bytes.length + 1);
        int to = from + random.nextInt(bytes.length - from + 1);
        switch (random.nextInt(4)) {
            case 0 -> {
                return Arrays.copyOf(bytes, from);
            }
            case 1 -> {
                byte[] noise = new byte[to - from];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, bytes, from, noise.length);
                return bytes;
            }
            case 2 -> {
                byte[] without = Arrays.copyOf(bytes, bytes.length - (to - from));
                System.arraycopy(bytes, to, without, from, bytes.length - to);
                return without;
            }
            default -> {
                byte[] doubled = Arrays.copyOf(bytes, bytes.length + (to - from));
                System.arraycopy(bytes, from, doubled, to, bytes.length - from);
                return doubled;
            }
        }
    }

    /** The lines up to the seal. */
    private static String header(byte[] bytes) {
        String whole = new String(bytes, StandardCharsets.ISO_8859_1);
        return whole.substring(0, whole.indexOf("sha-256: "));
    }

    /** The header with the seal that it would have, made without the format. */
    private static byte[] sealed(String header) {
        String document = new String(DOCUMENT, StandardCharsets.ISO_8859_1);
        String seal =
                HexFormat.of().formatHex(sha256((header + '\n' + document).getBytes(StandardCharsets.ISO_8859_1)));
        return (header + "sha-256: " + seal + "\n\n" + document).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static void notWritten(StoredSnapshot snapshot, String because) {
        for (Kind kind : Kind.values()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kind.format.write(snapshot))
                    .withMessageContaining(because);
        }
    }

    private static SnapshotRefusal refusal(SnapshotFormat format, URI address, byte[] bytes) {
        return refused(format, address, bytes).refusal();
    }

    private static RefusedSnapshotException refused(SnapshotFormat format, URI address, byte[] bytes) {
        RefusedSnapshotException refused =
                catchThrowableOfType(RefusedSnapshotException.class, () -> format.read(address, bytes));
        assertThat(refused).as(() -> "of " + HexFormat.of().formatHex(bytes)).isNotNull();
        return refused;
    }
}
