package dev.jwkscache;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.junit.Lifecycle;
import dev.jwkscache.spi.RefusedSnapshotException;
import dev.jwkscache.spi.SnapshotFormat;
import dev.jwkscache.spi.SnapshotRefusal;
import dev.jwkscache.spi.StoredSnapshot;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** Any octets as a snapshot: taken only if they are what is written, and refused otherwise. */
class SnapshotFuzzTest {
    private static final URI ADDRESS = URI.create("https://idp.example/certs");
    private static final SnapshotFormat UNSIGNED = SnapshotFormat.unsigned();
    private static final SnapshotFormat SIGNED =
            SnapshotFormat.signed("this is a key of thirty-two byte".getBytes(StandardCharsets.US_ASCII));
    private static final Set<SnapshotRefusal> REFUSALS = EnumSet.of(
            SnapshotRefusal.FORMAT,
            SnapshotRefusal.TRUNCATED,
            SnapshotRefusal.ALTERED,
            SnapshotRefusal.SIGNATURE,
            SnapshotRefusal.ADDRESS);
    private static final byte[] SEAL = "sha-256: ".getBytes(StandardCharsets.US_ASCII);
    private static final int SEAL_LENGTH = 64;

    @FuzzTest(lifecycle = Lifecycle.PER_TEST)
    @DictionaryFile(resourcePath = "snapshots.dict")
    void octetsAreASnapshotOrRefused(byte[] octets) {
        byte[] before = octets.clone();
        for (boolean resealed : Held.of(List.of(false, true), octets.length)) {
            byte[] snapshot = resealed ? resealed(octets) : octets;
            check(UNSIGNED, snapshot);
            Held.that(!isTaken(SIGNED, snapshot), "no fuzzer has the key");
        }
        Held.that(Arrays.equals(before, octets), "the octets are left as they were");
    }

    private static void check(SnapshotFormat format, byte[] octets) {
        try {
            StoredSnapshot snapshot = format.read(ADDRESS, octets);
            Held.that(Arrays.equals(format.write(snapshot), octets), "there is one way to write a snapshot", snapshot);
            Held.that(snapshot.generation() >= 0, "no negative generation", snapshot);
        } catch (RefusedSnapshotException refused) {
            refusal(refused);
        }
    }

    private static boolean isTaken(SnapshotFormat format, byte[] octets) {
        try {
            format.read(ADDRESS, octets);
            return true;
        } catch (RefusedSnapshotException refused) {
            refusal(refused);
            return false;
        }
    }

    private static void refusal(RefusedSnapshotException refused) {
        Held.that(REFUSALS.contains(refused.refusal()), "a refusal of the format", refused.refusal());
        Held.message(refused.getMessage(), 120);
    }

    /** The same with the seal that it would have: no fuzzer finds one, and what lies behind it is to be reached too. */
    private static byte[] resealed(byte[] octets) {
        int seal = indexOfSeal(octets);
        int after = seal + SEAL.length + SEAL_LENGTH + 1;
        if (seal < 0 || after > octets.length) {
            return octets;
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(octets, 0, seal);
            digest.update(octets, after, octets.length - after);
            byte[] right = HexFormat.of().formatHex(digest.digest()).getBytes(StandardCharsets.US_ASCII);
            byte[] resealed = octets.clone();
            System.arraycopy(right, 0, resealed, seal + SEAL.length, SEAL_LENGTH);
            return resealed;
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** The line that begins with the name of the seal; -1 where there is none. */
    private static int indexOfSeal(byte[] octets) {
        for (int i = 1; i + SEAL.length <= octets.length; i++) {
            if (octets[i - 1] == '\n' && Arrays.equals(octets, i, i + SEAL.length, SEAL, 0, SEAL.length)) {
                return i;
            }
        }
        return -1;
    }
}
