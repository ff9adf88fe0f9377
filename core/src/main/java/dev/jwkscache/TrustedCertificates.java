package dev.jwkscache;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Trusts the certificates of a PEM file as it is at this moment: read again whenever the file has changed. */
final class TrustedCertificates extends X509ExtendedTrustManager {
    /** A resumed session is not checked again, so that it must not outlive a change of trust for long. */
    private static final int SESSION_SECONDS = 600;

    private final Path file;
    private volatile @Nullable Loaded loaded;

    private TrustedCertificates(Path file) {
        this.file = file;
    }

    /** A context that trusts what the file says; reads nothing yet. */
    static SSLContext context(Path file) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustedCertificates(file)}, null);
        context.getClientSessionContext().setSessionTimeout(SESSION_SECONDS);
        return context;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        current().checkServerTrusted(chain, authType, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        current().checkServerTrusted(chain, authType, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        current().checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw noServer();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw noServer();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw noServer();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    private X509ExtendedTrustManager current() throws CertificateException {
        Loaded known = loaded;
        try {
            Stamp stamp = Stamp.of(file);
            if (known == null || !known.stamp().equals(stamp)) {
                known = new Loaded(stamp, load(file));
                loaded = known;
            }
        } catch (IOException | GeneralSecurityException unreadable) {
            // Whoever replaces the file may be half way; what was trusted before still is.
            if (known == null) {
                throw new CertificateException("the trusted certificates in " + SafeText.quoted(file.toString())
                        + " cannot be read: " + unreadable.getClass().getSimpleName());
            }
        }
        return known.manager();
    }

    private static X509ExtendedTrustManager load(Path file) throws IOException, GeneralSecurityException {
        Collection<? extends Certificate> certificates;
        try (InputStream in = Files.newInputStream(file)) {
            certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
        if (certificates.isEmpty()) {
            throw new CertificateException("no certificate");
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (Certificate certificate : certificates) {
            store.setCertificateEntry("trusted-" + store.size(), certificate);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new CertificateException("this JDK has no PKIX trust manager");
    }

    private static CertificateException noServer() {
        return new CertificateException("the cache is no TLS server");
    }

    private record Loaded(Stamp stamp, X509ExtendedTrustManager manager) {}

    /** What changes when the file does, be it written in place, renamed over, or reached by another link. */
    private record Stamp(
            FileTime modified, long size, @Nullable Object key) {

        static Stamp of(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        }
    }
}
