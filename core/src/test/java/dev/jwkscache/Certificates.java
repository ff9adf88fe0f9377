package dev.jwkscache;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority of the tests' own, and what it signs; made by the JDK's keytool. */
final class Certificates {
    private static final String PASSWORD = "changeit";
    private static final String CA = "ca";

    private final Path store;
    private final Path pem;

    private Certificates(Path store, Path pem) {
        this.store = store;
        this.pem = pem;
    }

    static Certificates authority(Path folder, String name) throws Exception {
        Certificates authority = new Certificates(folder.resolve(name + ".p12"), folder.resolve(name + ".pem"));
        authority.generate(CA, "-ext", "bc=ca:true", "-dname", "CN=" + name);
        Certificate certificate = authority.load().getCertificate(CA);
        Files.writeString(
                authority.pem,
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        return authority;
    }

    /** The authority's certificate as a PEM file. */
    Path pem() {
        return pem;
    }

    /** Signs a new key for that name, such as {@code dns:localhost}; {@code more} goes to keytool. */
    KeyManager[] issue(String alias, String subjectAlternativeName, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(
                List.of("-signer", CA, "-dname", "CN=" + alias, "-ext", "san=" + subjectAlternativeName));
        arguments.addAll(List.of(more));
        generate(alias, arguments.toArray(String[]::new));
        KeyStore all = load();
        KeyStore one = empty();
        one.setKeyEntry(
                alias,
                all.getKey(alias, PASSWORD.toCharArray()),
                PASSWORD.toCharArray(),
                all.getCertificateChain(alias));
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(one, PASSWORD.toCharArray());
        return factory.getKeyManagers();
    }

    /** Trusts this authority and no other. */
    TrustManager[] trust() throws GeneralSecurityException, IOException {
        KeyStore anchors = empty();
        anchors.setCertificateEntry(CA, load().getCertificate(CA));
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(anchors);
        return factory.getTrustManagers();
    }

    static SSLContext context(KeyManager[] keys, TrustManager[] trust) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust, null);
        return context;
    }

    private void generate(String alias, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString()));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("keytool failed: " + output);
        }
    }

    private KeyStore load() throws GeneralSecurityException, IOException {
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            loaded.load(in, PASSWORD.toCharArray());
        }
        return loaded;
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore made = KeyStore.getInstance("PKCS12");
        made.load(null, null);
        return made;
    }
}
