package dev.jwkscache.sidecar;

import dev.jwkscache.Jwk;
import java.security.interfaces.RSAPublicKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Usable keys as people and machines want to see them. */
public final class KeyTable {
    /** No kid in the wild is longer; a hostile one is cut. */
    private static final int KID_WIDTH = 64;

    private KeyTable() {}

    /** A head and one line for each key. */
    static List<String> lines(List<Jwk> keys) {
        TextTable table = new TextTable("kid", "algorithm", "use", "size", "certificate until");
        for (Jwk key : keys) {
            table.row(kid(key), algorithm(key), use(key), size(key), certificate(key));
        }
        return table.lines();
    }

    /** One key in short: kid, algorithm and size. */
    static String line(Jwk key) {
        return kid(key) + "  " + algorithm(key) + "  " + size(key);
    }

    /** One key as the members of a JSON object. */
    static Map<String, @Nullable Object> json(Jwk key) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("kid", key.kid().orElse(null));
        members.put("kty", key.keyType());
        members.put("alg", key.declaredAlgorithm().orElse(null));
        members.put("algorithms", key.algorithms());
        members.put("use", key.use().orElse(null));
        members.put("curve", key.curve().orElse(null));
        members.put("bits", bits(key));
        members.put("thumbprint", key.thumbprint());
        members.put("certificate_expires", key.certificateExpiry().orElse(null));
        return members;
    }

    public static String kid(Jwk key) {
        return key.kid().map(kid -> Printable.of(kid, KID_WIDTH)).orElse("(none)");
    }

    /** The declared algorithm where it is one that the key may be used for, else what it may be used for. */
    public static String algorithm(Jwk key) {
        Optional<String> declared = key.declaredAlgorithm().filter(key.algorithms()::contains);
        if (declared.isPresent()) {
            return declared.get();
        }
        return key.keyType().equals("RSA") ? "RS*, PS* (any)" : String.join(", ", key.algorithms());
    }

    static String use(Jwk key) {
        return Printable.member(key.use().orElse(null), 12);
    }

    static String size(Jwk key) {
        Integer bits = bits(key);
        return key.curve().orElse(bits == null ? TextTable.NOTHING : bits + " bits");
    }

    static String certificate(Jwk key) {
        return key.certificateExpiry().map(Spans::time).orElse(TextTable.NOTHING);
    }

    private static @Nullable Integer bits(Jwk key) {
        return key.publicKey() instanceof RSAPublicKey rsa ? rsa.getModulus().bitLength() : null;
    }
}
