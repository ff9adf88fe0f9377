package dev.jwkscache;

import dev.jwkscache.OddityKeys.Made;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Makes the files of the folder {@code oddities} anew: key sets of shapes that are known to break parsers, with keys that
 * are used for nothing else. Needs JDK 24 or later (ML-DSA); the command is in the README of that folder.
 */
final class OddityFiles {
    private final Path folder;
    private final OddityKeys keys;

    private OddityFiles(Path folder, OddityKeys keys) {
        this.folder = folder;
        this.keys = keys;
    }

    /** Writes all files into the folder that the one argument names. */
    public static void main(String[] arguments) throws Exception {
        try (OddityKeys keys = new OddityKeys()) {
            OddityFiles files = new OddityFiles(Files.createDirectories(Path.of(arguments[0])), keys);
            files.writeKeycloakAndPostQuantum();
            files.writeProviders();
            files.writeEncodings();
            files.writeCertificates();
            files.writeSharedKids();
            files.writeLarge();
            files.writeUnusable();
            files.writeTopLevels();
        }
    }

    private void writeKeycloakAndPostQuantum() throws GeneralSecurityException, IOException {
        set(
                "D01-keycloak-realm",
                keycloak("keycloak-enc").with("alg", "RSA-OAEP", "use", "enc"),
                keycloak("keycloak-sig").with("alg", "RS256", "use", "sig"));
        set(
                "D02-keycloak-eddsa",
                keycloak("keycloak-rsa").with("alg", "RS256", "use", "sig"),
                keys.okp("keycloak-ed25519", "Ed25519").with("alg", "EdDSA", "use", "sig"),
                keys.okp("keycloak-ed448", "Ed448").with("alg", "EdDSA", "use", "sig"));
        set(
                "D03-keycloak-ml-dsa",
                keycloak("keycloak-rsa").with("alg", "RS256", "use", "sig"),
                keys.mlDsa("keycloak-ml-dsa", "ML-DSA-65").without("priv").with("use", "sig"));
        set(
                "D04-ed448-last",
                keys.rsa("first").with("alg", "RS256", "use", "sig"),
                keys.rsa("second").with("alg", "RS256", "use", "sig"),
                keys.okp("last", "Ed448").with("alg", "EdDSA", "use", "sig"));
        Made ec = keys.ec("ec-1", "P-256").with("alg", "ES256", "use", "sig");
        Made mlDsa = keys.mlDsa("pq-1", "ML-DSA-65").without("priv").with("use", "sig");
        set(
                "D05-one-key-many-kids",
                ec,
                ec.with("kid", "ec-2"),
                ec.with("kid", "ec-3"),
                mlDsa,
                mlDsa.with("kid", "pq-2"));
        set("D06-ml-dsa-reference", reference("ML-DSA-44"), reference("ML-DSA-65"), reference("ML-DSA-87"));
    }

    private Made keycloak(String kid) throws GeneralSecurityException, IOException {
        return keys.certified(kid, "RSA").withChain().withDigest("x5t", "SHA-1").withDigest("x5t#S256", "SHA-256");
    }

    private Made reference(String algorithm) throws GeneralSecurityException {
        Made made = keys.mlDsa(null, algorithm);
        String canonical = "{\"alg\":\"" + algorithm + "\",\"kty\":\"AKP\",\"pub\":\"" + made.string("pub") + "\"}";
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8));
        return made.with("kid", OddityKeys.base64(digest));
    }

    private void writeProviders() throws GeneralSecurityException, IOException {
        set(
                "D07-entra",
                entra("entra-1", "https://login.example/{tenantid}/v2.0"),
                entra("entra-2", "https://login.example/{tenantid}/v2.0"),
                entra("entra-3", "https://login.example/9188040d-0000-4000-8000-000000000000/v2.0"));
        List<Made> anonymous = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            anonymous.add(keys.okp(null, "Ed25519").with("key_ops", List.of("verify")));
        }
        set("D08-no-kids", anonymous.toArray(Made[]::new));
        set(
                "D09-kid-null",
                keys.ec(null, "P-256").with("kid", null, "alg", "ES256", "use", "sig"),
                keys.ec("named", "P-256").with("alg", "ES256", "use", "sig"));
        set("D22-kubernetes", sig(keys.rsa("kubernetes-1")), sig(keys.rsa("kubernetes-2")));
        set("D27-apple", sig(keys.rsa("apple-1")), sig(keys.rsa("apple-2")), sig(keys.rsa("apple-3")));
    }

    private static Made sig(Made made) {
        return made.with("alg", "RS256", "use", "sig");
    }

    private Made entra(String kid, String issuer) throws GeneralSecurityException, IOException {
        Made made = keys.certified(kid, "RSA");
        return made.withChain().withDigest("x5t", "SHA-1").with("use", "sig", "issuer", issuer);
    }

    private void writeEncodings() throws GeneralSecurityException, IOException {
        set("D10-leading-zero", leadingZero(sig(keys.rsa("257-octets"))), sig(keys.rsa("256-octets")));
        set(
                "D11-short-coordinate",
                keys.ecWithShortCoordinate("short-x", "x").with("alg", "ES256", "use", "sig"),
                keys.ecWithShortCoordinate("short-y", "y").with("alg", "ES256", "use", "sig"),
                keys.ec("both-whole", "P-256").with("alg", "ES256", "use", "sig"));
        Made ec = keys.ec("padded-ec", "P-256").with("alg", "ES256", "use", "sig");
        set(
                "D12-padding",
                padded(sig(keys.rsa("padded")), "n"),
                standard(padded(leadingZero(sig(keys.rsa("standard-alphabet"))), "n")),
                padded(padded(ec, "x"), "y"));
    }

    private static Made leadingZero(Made made) {
        byte[] n = Base64.getUrlDecoder().decode(made.string("n"));
        byte[] longer = new byte[n.length + 1];
        System.arraycopy(n, 0, longer, 1, n.length);
        return made.with("n", OddityKeys.base64(longer));
    }

    private static Made padded(Made made, String member) {
        String text = made.string(member);
        return made.with(member, text + "=".repeat((4 - text.length() % 4) % 4));
    }

    private static Made standard(Made made) {
        return made.with("n", made.string("n").replace('-', '+').replace('_', '/'));
    }

    private void writeCertificates() throws GeneralSecurityException, IOException {
        Made one = sig(keys.certified("other-digest", "RSA").withChain());
        Made other = keys.certified("other", "RSA");
        set("D13-x5t-of-another-certificate", one.with("x5t#S256", OddityKeys.base64(other.digest("SHA-256"))));
        set("D14-x5t-without-x5c", sig(keys.certified("digest-only", "RSA").withDigest("x5t", "SHA-1")));
        Made hex = keys.certified("hex-digest", "RSA");
        set("D15-x5t-in-hex", sig(hex.with("x5t", HexFormat.of().formatHex(hex.digest("SHA-1")))));
        set("D16-chain", sig(keys.certified("three-certificates", "RSA", 3).withChain()));
    }

    private void writeSharedKids() throws GeneralSecurityException, IOException {
        set(
                "D17-one-kid-two-algorithms",
                sig(keys.rsa("shared")),
                keys.rsa("shared").with("alg", "PS256", "use", "sig"),
                keys.ec("shared", "P-256").with("alg", "ES256", "use", "sig"));
        Made twice = keys.ec("twice", "P-256").with("alg", "ES256", "use", "sig");
        set("D18-exact-duplicates", twice, keys.ec("once", "P-256").with("alg", "ES256", "use", "sig"), twice);
    }

    private void writeLarge() throws GeneralSecurityException, IOException {
        List<Made> issuer = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            issuer.add(keys.certified("health-" + i, "P-256").withChain().with("alg", "ES256", "use", "sig"));
        }
        issuer.set(20, issuer.get(20).with("x5c", "not an array"));
        issuer.set(30, issuer.get(30).with("y", issuer.get(31).string("y")));
        issuer.set(40, issuer.get(40).without("crv"));
        issuer.set(50, issuer.get(50).with("x", issuer.get(50).string("x") + "AA"));
        set("D19-many-issuers-keys", issuer.toArray(Made[]::new));
        List<Made> large = new ArrayList<>();
        for (int i = 0; json(large).length() <= 52_000; i++) {
            large.add(sig(keys.certified("large-" + i, "RSA", 2).withChain()));
        }
        set("D20-over-51200-bytes", large.toArray(Made[]::new));
        List<Made> many = new ArrayList<>();
        for (int i = 0; i < 204; i++) {
            many.add(sig(keys.rsa("many-" + i)));
        }
        set("D21-204-keys", many.toArray(Made[]::new));
    }

    private void writeUnusable() throws GeneralSecurityException, IOException {
        byte[] text = "the key set of the issuer could not be fetched: this key verifies nothing"
                .getBytes(StandardCharsets.US_ASCII);
        set("D23-placeholder", sig(keys.rsa("placeholder")).with("n", OddityKeys.base64(text)));
        Map<String, Object> symmetric = new LinkedHashMap<>(Map.of("kty", "oct"));
        symmetric.put("kid", "mixed");
        symmetric.put("alg", "HS256");
        symmetric.put("k", OddityKeys.base64("a secret that is public, 32 octets".getBytes(StandardCharsets.US_ASCII)));
        set(
                "D24-mixed",
                sig(keys.rsa("mixed")),
                new Made(symmetric, null, List.of()),
                keys.ec("mixed", "P-256").with("alg", "ES256", "use", "sig"),
                keys.rsa("wrong-use").with("use", "enc"),
                sig(keys.rsa("weak-1024", 1024, BigInteger.valueOf(65537))),
                sig(keys.rsa("exponent-1")).with("e", "AQ"));
        set("D24-roca", sig(keys.rsa("good")), sig(keys.roca("roca")));
        set(
                "D25-private-members",
                sig(keys.rsa("leaked-rsa")).withPrivateMembers(),
                keys.ec("leaked-ec", "P-256").withPrivateMembers().with("alg", "ES256", "use", "sig"),
                keys.okp("leaked-okp", "Ed25519").withPrivateMembers().with("alg", "EdDSA", "use", "sig"),
                keys.ec("not-leaked", "P-256").with("alg", "ES256", "use", "sig"));
        set(
                "D26-curves",
                keys.secp256k1("secp256k1").with("alg", "ES256K", "use", "sig"),
                keys.ec("p-521", "P-521").with("alg", "ES512", "use", "sig"),
                keys.okp("ed25519", "Ed25519").with("alg", "EdDSA", "use", "sig"),
                keys.okp("x25519", "X25519").with("use", "sig"),
                keys.okp("x25519-enc", "X25519").with("alg", "ECDH-ES", "use", "enc"));
        set(
                "D29-incomplete-beside-valid",
                sig(keys.rsa("without-n")).without("n"),
                sig(keys.rsa("valid")),
                sig(keys.rsa("without-e")).without("e"));
    }

    private void writeTopLevels() throws GeneralSecurityException, IOException {
        Map<String, Object> certificates = new LinkedHashMap<>();
        List<Made> same = new ArrayList<>();
        for (String kid : List.of("google-1", "google-2")) {
            Made made = keys.certified(kid, "RSA");
            certificates.put(kid, pem(made.chain().get(0)));
            same.add(sig(made));
        }
        write("D28-certificates-map", json(certificates));
        set("D28-the-same-as-jwks", same.toArray(Made[]::new));
        write("D30-empty-set", "{\"keys\":[]}");
        write("D30-error-body", "{\"error\":\"temporarily_unavailable\",\"error_description\":\"try again later\"}");
    }

    private static String pem(Certificate certificate) throws GeneralSecurityException {
        byte[] body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encode(certificate.getEncoded());
        return "-----BEGIN CERTIFICATE-----\n" + new String(body, StandardCharsets.US_ASCII)
                + "\n-----END CERTIFICATE-----\n";
    }

    private void set(String name, Made... entries) throws IOException {
        write(name, json(Arrays.asList(entries)));
    }

    private void write(String name, String json) throws IOException {
        Files.writeString(folder.resolve(name + ".json"), json + "\n");
    }

    /** One entry a line. */
    private static String json(List<Made> entries) {
        return entries.stream()
                .map(made -> json(made.jwk()))
                .collect(Collectors.joining(",\n", "{\"keys\":[\n", "\n]}"));
    }

    private static String json(Object value) {
        if (value instanceof Map<?, ?> members) {
            return members.entrySet().stream()
                    .map(member -> json(member.getKey()) + ":" + json(member.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof List<?> elements) {
            return elements.stream().map(OddityFiles::json).collect(Collectors.joining(",", "[", "]"));
        }
        return value == null ? "null" : '"' + value.toString().replace("\n", "\\n") + '"';
    }
}
