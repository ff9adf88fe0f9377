package dev.jwkscache;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Makes fresh keys and certificates for {@link OddityFiles}, as members of a JWK. Needs nothing but a JDK. */
final class OddityKeys implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String PASSWORD = "public, like all of these keys";

    private final Path keyStore = Files.createTempDirectory("oddities").resolve("certificates.p12");
    private int certificates;

    OddityKeys() throws IOException {}

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(keyStore);
        Files.delete(keyStore.getParent());
    }

    /** A JWK under construction, with what it was made of. */
    record Made(Map<String, Object> jwk, KeyPair pair, List<Certificate> chain) {

        /** A copy with these members set: names and values in turn. */
        Made with(Object... members) {
            Map<String, Object> more = new LinkedHashMap<>(jwk);
            for (int i = 0; i < members.length; i += 2) {
                more.put((String) members[i], members[i + 1]);
            }
            return new Made(more, pair, chain);
        }

        Made without(String... members) {
            Map<String, Object> less = new LinkedHashMap<>(jwk);
            less.keySet().removeAll(Arrays.asList(members));
            return new Made(less, pair, chain);
        }

        /** With the certificates, in the standard alphabet as RFC 7517 §4.7 wants them. */
        Made withChain() throws GeneralSecurityException {
            List<String> encoded = new ArrayList<>();
            for (Certificate certificate : chain) {
                encoded.add(Base64.getEncoder().encodeToString(certificate.getEncoded()));
            }
            return with("x5c", encoded);
        }

        Made withDigest(String member, String algorithm) throws GeneralSecurityException {
            return with(member, base64(digest(algorithm)));
        }

        byte[] digest(String algorithm) throws GeneralSecurityException {
            return MessageDigest.getInstance(algorithm).digest(chain.get(0).getEncoded());
        }

        Made withPrivateMembers() {
            PrivateKey key = pair.getPrivate();
            if (key instanceof RSAPrivateCrtKey rsa) {
                return with(
                        "d", integer(rsa.getPrivateExponent()),
                        "p", integer(rsa.getPrimeP()),
                        "q", integer(rsa.getPrimeQ()),
                        "dp", integer(rsa.getPrimeExponentP()),
                        "dq", integer(rsa.getPrimeExponentQ()),
                        "qi", integer(rsa.getCrtCoefficient()));
            }
            return key instanceof ECPrivateKey ec
                    ? with("d", base64(octets(ec.getS(), coordinate((ECPublicKey) pair.getPublic()))))
                    : with("d", base64(((EdECPrivateKey) key).getBytes().orElseThrow()));
        }

        String string(String member) {
            return (String) jwk.get(member);
        }
    }

    Made rsa(String kid) throws GeneralSecurityException {
        return rsa(kid, 2048, RSAKeyGenParameterSpec.F4);
    }

    Made rsa(String kid, int bits, BigInteger exponent) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(new RSAKeyGenParameterSpec(bits, exponent));
        return rsa(kid, generator.generateKeyPair(), List.of());
    }

    private static Made rsa(String kid, KeyPair pair, List<Certificate> chain) {
        RSAPublicKey key = (RSAPublicKey) pair.getPublic();
        Map<String, Object> jwk = start("RSA", kid);
        jwk.put("n", integer(key.getModulus()));
        jwk.put("e", integer(key.getPublicExponent()));
        return new Made(jwk, pair, chain);
    }

    Made ec(String kid, String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve.replace("P-", "secp").concat("r1")));
        return ec(kid, curve, generator.generateKeyPair(), List.of());
    }

    private static Made ec(String kid, String curve, KeyPair pair, List<Certificate> chain) {
        ECPublicKey key = (ECPublicKey) pair.getPublic();
        Map<String, Object> jwk = start("EC", kid);
        jwk.put("crv", curve);
        jwk.put("x", base64(octets(key.getW().getAffineX(), coordinate(key))));
        jwk.put("y", base64(octets(key.getW().getAffineY(), coordinate(key))));
        return new Made(jwk, pair, chain);
    }

    /** A P-256 key whose coordinate begins with a zero octet, which is then left out. */
    Made ecWithShortCoordinate(String kid, String member) throws GeneralSecurityException {
        while (true) {
            Made made = ec(kid, "P-256");
            byte[] octets = Base64.getUrlDecoder().decode(made.string(member));
            if (octets[0] == 0) {
                return made.with(member, base64(Arrays.copyOfRange(octets, 1, octets.length)));
            }
        }
    }

    /** An OKP key: Ed25519, Ed448, X25519 or X448. */
    Made okp(String kid, String curve) throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance(curve).generateKeyPair();
        Map<String, Object> jwk = start("OKP", kid);
        jwk.put("crv", curve);
        jwk.put("x", base64(tail(pair, curve.equals("Ed448") ? 57 : curve.equals("X448") ? 56 : 32)));
        return new Made(jwk, pair, List.of());
    }

    /** An ML-DSA key (RFC 9964) with its seed, from which it can be made again. */
    Made mlDsa(String kid, String algorithm) throws GeneralSecurityException {
        byte[] seed = new byte[32];
        RANDOM.nextBytes(seed);
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(new NamedParameterSpec(algorithm), fixed(seed));
        KeyPair pair = generator.generateKeyPair();
        int length =
                Map.of("ML-DSA-44", 1312, "ML-DSA-65", 1952, "ML-DSA-87", 2592).get(algorithm);
        Map<String, Object> jwk = start("AKP", kid);
        jwk.put("alg", algorithm);
        jwk.put("pub", base64(tail(pair, length)));
        jwk.put("priv", base64(seed));
        return new Made(jwk, pair, List.of());
    }

    /** A modulus of the kind that CVE-2017-15361 describes: both primes are powers of 65537 modulo small primes. */
    Made roca(String kid) {
        BigInteger primorial = IntStream.rangeClosed(2, 701)
                .mapToObj(BigInteger::valueOf)
                .filter(i -> i.isProbablePrime(50))
                .reduce(BigInteger.ONE, BigInteger::multiply);
        BigInteger n;
        do {
            n = rocaPrime(primorial).multiply(rocaPrime(primorial));
        } while (n.bitLength() != 2048);
        Map<String, Object> jwk = start("RSA", kid);
        jwk.put("n", integer(n));
        jwk.put("e", "AQAB");
        return new Made(jwk, null, List.of());
    }

    private static BigInteger rocaPrime(BigInteger primorial) {
        BigInteger power = BigInteger.valueOf(65537).modPow(new BigInteger(256, RANDOM), primorial);
        while (true) {
            BigInteger factor = new BigInteger(1024 - primorial.bitLength() + 1, RANDOM);
            BigInteger candidate = factor.multiply(primorial).add(power);
            if (candidate.bitLength() == 1024 && candidate.isProbablePrime(50)) {
                return candidate;
            }
        }
    }

    /** A point of secp256k1 (RFC 8812), which no JDK since 16 knows: y² = x³ + 7 modulo a prime that is 3 modulo 4. */
    Made secp256k1(String kid) {
        BigInteger p = BigInteger.TWO.pow(256).subtract(BigInteger.valueOf((1L << 32) + 977));
        while (true) {
            BigInteger x = new BigInteger(256, RANDOM).mod(p);
            BigInteger square = x.pow(3).add(BigInteger.valueOf(7)).mod(p);
            BigInteger y = square.modPow(p.add(BigInteger.ONE).shiftRight(2), p);
            if (y.multiply(y).mod(p).equals(square)) {
                Map<String, Object> jwk = start("EC", kid);
                jwk.put("crv", "secp256k1");
                jwk.put("x", base64(octets(x, 32)));
                jwk.put("y", base64(octets(y, 32)));
                return new Made(jwk, null, List.of());
            }
        }
    }

    /** A key with a certificate that keytool makes for it. */
    Made certified(String kid, String curve) throws GeneralSecurityException, IOException {
        return certified(kid, curve, 1);
    }

    /** A key (curve RSA or P-256) with a chain of that many certificates, the first its own. */
    Made certified(String kid, String curve, int length) throws GeneralSecurityException, IOException {
        String signer = null;
        for (int i = length; i > 0; i--) {
            String alias = "c" + certificates++;
            keytool(alias, i == 1 ? curve : "P-256", signer);
            signer = alias;
        }
        KeyStore store = KeyStore.getInstance(keyStore.toFile(), PASSWORD.toCharArray());
        List<Certificate> chain = List.of(store.getCertificateChain(signer));
        KeyPair pair =
                new KeyPair(chain.get(0).getPublicKey(), (PrivateKey) store.getKey(signer, PASSWORD.toCharArray()));
        return curve.equals("RSA") ? rsa(kid, pair, chain) : ec(kid, curve, pair, chain);
    }

    private void keytool(String alias, String curve, String signer) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", alias));
        command.addAll(
                curve.equals("RSA")
                        ? List.of("-keyalg", "RSA", "-keysize", "2048")
                        : List.of("-keyalg", "EC", "-groupname", "secp256r1"));
        if (signer != null) {
            command.addAll(List.of("-signer", signer));
        }
        command.addAll(List.of("-dname", "CN=oddity " + alias, "-ext", "bc:c", "-validity", "36500"));
        command.addAll(List.of("-storetype", "PKCS12", "-keystore", keyStore.toString(), "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException("keytool failed: " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    static String base64(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    private static Map<String, Object> start(String kty, String kid) {
        Map<String, Object> jwk = new LinkedHashMap<>();
        jwk.put("kty", kty);
        if (kid != null) {
            jwk.put("kid", kid);
        }
        return jwk;
    }

    private static int coordinate(ECPublicKey key) {
        return (key.getParams().getCurve().getField().getFieldSize() + 7) / 8;
    }

    private static String integer(BigInteger value) {
        return base64(octets(value, (value.bitLength() + 7) / 8));
    }

    private static byte[] octets(BigInteger value, int length) {
        byte[] octets = new byte[length];
        byte[] signed = value.toByteArray();
        int count = Math.min(length, signed.length);
        System.arraycopy(signed, signed.length - count, octets, length - count, count);
        return octets;
    }

    private static byte[] tail(KeyPair pair, int length) {
        byte[] encoded = pair.getPublic().getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - length, encoded.length);
    }

    private static SecureRandom fixed(byte[] seed) {
        return new SecureRandom() {
            private static final long serialVersionUID = 1;

            @Override
            public void nextBytes(byte[] bytes) {
                if (bytes.length != seed.length) {
                    throw new IllegalStateException("this JDK makes ML-DSA keys of " + bytes.length + " octets");
                }
                System.arraycopy(seed, 0, bytes, 0, seed.length);
            }
        };
    }
}
