package dev.jwkscache.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JwkTest {
    @Test
    void coordinatesKeepTheirLeadingZeros() throws Exception {
        // A point of P-256 both of whose coordinates have 31 significant bytes.
        String x = "23447443b1303e4930162d66ce4f5614ddd5bcb62ac22b1cf54ad2fcd6d193";
        String y = "f72e8c348c6b9969333893fec212aed6dabb9206f6dad21962f27aa3c6ba5c";
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        ECPoint point = new ECPoint(new BigInteger(x, 16), new BigInteger(y, 16));
        PublicKey key = KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)));

        Map<String, Object> members = Jwk.material(Algorithm.ES256, key);

        assertThat(members)
                .containsEntry("kty", "EC")
                .containsEntry("crv", "P-256")
                .containsEntry("x", base64url("00" + x))
                .containsEntry("y", base64url("00" + y));
    }

    @Test
    void theThumbprintIsThatOfRfc7638() {
        // The example of RFC 7638 section 3.1.
        Map<String, Object> members = new TreeMap<>(Map.of(
                "kty", "RSA",
                "e", "AQAB",
                "n",
                        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECP"
                                + "ebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2Qv"
                                + "zqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6"
                                + "WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"));

        assertThat(Jwk.thumbprint(members)).isEqualTo("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    private static String base64url(String hex) {
        return Base64URL.encode(HexFormat.of().parseHex(hex)).toString();
    }
}
