package dev.jwkscache;

import java.math.BigInteger;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.EllipticCurve;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;

/** What makes up a public key, whoever implements it, in one comparable text. */
record PeerKey(String material) {
    /** Octets of the key by the length of its X.509 form: Ed25519 and X25519, X448, Ed448. */
    private static final Map<Integer, Integer> OCTETS = Map.of(44, 32, 68, 56, 69, 57);

    static PeerKey of(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return new PeerKey("n=" + hex(rsa.getModulus()) + " e=" + hex(rsa.getPublicExponent()));
        }
        if (key instanceof ECPublicKey ec) {
            EllipticCurve curve = ec.getParams().getCurve();
            return new PeerKey("curve=" + curve.getField().getFieldSize() + ":" + hex(curve.getA()) + ":"
                    + hex(curve.getB()) + " order=" + hex(ec.getParams().getOrder()) + " x="
                    + hex(ec.getW().getAffineX()) + " y=" + hex(ec.getW().getAffineY()));
        }
        byte[] encoded = key.getEncoded();
        return ofOctets(Arrays.copyOfRange(encoded, encoded.length - OCTETS.get(encoded.length), encoded.length));
    }

    static PeerKey ofOctets(byte[] octets) {
        return new PeerKey("octets=" + HexFormat.of().formatHex(octets));
    }

    private static String hex(BigInteger value) {
        return value.toString(16);
    }
}
