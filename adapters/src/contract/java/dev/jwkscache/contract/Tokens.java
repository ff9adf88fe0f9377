package dev.jwkscache.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jwkscache.testkit.SigningKey;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What attackers, and providers without kids, make of tokens. */
final class Tokens {
    private Tokens() {}

    /** The claims of a token, with the public key as the secret of an HMAC. */
    static String hs256(String token, SigningKey key) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.publicKey().getEncoded(), "HmacSHA256"));
        String content = header("HS256", key) + "." + token.split("\\.")[1];
        return content + "." + base64url(mac.doFinal(content.getBytes(US_ASCII)));
    }

    /** The claims of a token, well signed by an RS256 key whose kid is not said. */
    static String withoutKid(String token, SigningKey key) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key.privateKey());
        String content = base64url("{\"alg\":\"RS256\"}".getBytes(UTF_8)) + "." + token.split("\\.")[1];
        signature.update(content.getBytes(US_ASCII));
        return content + "." + base64url(signature.sign());
    }

    /** The claims of a token without any signature. */
    static String unsigned(String token, SigningKey key) {
        return header("none", key) + "." + token.split("\\.")[1] + ".";
    }

    /** Another subject under the same signature. */
    static String altered(String token) {
        String[] parts = token.split("\\.");
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8);
        String others = claims.replace("test-subject", "somebody-else");
        if (others.equals(claims)) {
            throw new IllegalArgumentException("there is no subject to replace in " + claims);
        }
        return parts[0] + "." + base64url(others.getBytes(UTF_8)) + "." + parts[2];
    }

    private static String header(String alg, SigningKey key) {
        return base64url(("{\"alg\":\"" + alg + "\",\"typ\":\"JWT\",\"kid\":\"" + key.kid() + "\"}").getBytes(UTF_8));
    }

    private static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
