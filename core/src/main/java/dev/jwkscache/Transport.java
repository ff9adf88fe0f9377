package dev.jwkscache;

import java.net.ProxySelector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How requests reach a provider: whom to trust, which proxy to use, which header fields to send. Immutable; every method
 * returns a changed copy.
 *
 * <pre>{@code
 * Transport.standard()
 *         .trustedCertificates(Path.of("/var/run/secrets/kubernetes.io/serviceaccount/ca.crt"))
 *         .bearerTokenFile(Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token"))
 * }</pre>
 *
 * <p>Caches that trust and route alike share one HTTP client; no connection lives longer than about ten minutes.
 */
public final class Transport {
    /** What the cache or the HTTP client writes itself. */
    private static final Set<String> RESERVED = Set.of(
            "if-none-match",
            "if-modified-since",
            "cache-control",
            "accept-encoding",
            "host",
            "connection",
            "content-length",
            "expect",
            "upgrade");

    private static final Transport STANDARD = new Transport(new Route(null, null, null, false), List.of());

    private final Route route;
    private final List<Header> headers;

    private Transport(Route route, List<Header> headers) {
        this.route = route;
        this.headers = List.copyOf(headers);
    }

    /** The JVM's own trust and proxy settings ({@code https.proxyHost} and its like), and no further header fields. */
    public static Transport standard() {
        return STANDARD;
    }

    /**
     * Uses that context for TLS: an own trust store, a client certificate (mutual TLS), other protocol versions. The name
     * of the host is checked against the certificate in any case.
     *
     * @throws IllegalArgumentException if {@link #trustedCertificates} is set: both decide whom to trust
     */
    public Transport sslContext(SSLContext context) {
        Objects.requireNonNull(context, "sslContext");
        return new Transport(checked(new Route(context, route.trustedCertificates(), route.proxy(), false)), headers);
    }

    /**
     * Trusts the certificates of a PEM file and no others. The file is read at the first connection and again whenever it
     * has changed; while it cannot be read, what was read before counts, and without that the refresh fails.
     *
     * @throws IllegalArgumentException if {@link #sslContext} is set: both decide whom to trust
     */
    public Transport trustedCertificates(Path pemFile) {
        Objects.requireNonNull(pemFile, "trustedCertificates");
        return new Transport(checked(new Route(route.sslContext(), pemFile, route.proxy(), false)), headers);
    }

    /**
     * Asks that selector for the proxy of each connection, instead of the JVM's settings. A proxy that wants a password
     * for https also needs the JVM's {@code -Djdk.http.auth.tunneling.disabledSchemes=} and a {@code Proxy-Authorization}
     * {@linkplain #header header field}.
     */
    public Transport proxy(ProxySelector selector) {
        Objects.requireNonNull(selector, "proxy");
        return new Transport(new Route(route.sslContext(), route.trustedCertificates(), selector, false), headers);
    }

    /**
     * Sends a header field with every request to the origin of the address, and to no other host: redirects elsewhere are
     * not followed, and keys that an issuer has at another origin than its metadata are fetched without it. Replaces a field of the same name, {@code User-Agent} and {@code Accept} among them.
     *
     * @param name the field's name (RFC 9110 §5.1)
     * @param value asked before each fetch, on a thread where it may block; a fetch for which it throws, returns null or
     *     returns what no field may hold (RFC 9110 §5.5) fails, and the value is logged nowhere
     * @throws IllegalArgumentException if the name is none, or one that the cache or the HTTP client writes itself
     */
    public Transport header(String name, Supplier<String> value) {
        Objects.requireNonNull(value, "value");
        return with(name, () -> {
            try {
                return value.get();
            } catch (Throwable thrown) {
                throw new FetchException(
                        FailureReason.REQUEST,
                        "the value of header field " + name + " could not be had: "
                                + thrown.getClass().getName());
            }
        });
    }

    /**
     * Sends {@code Authorization: Bearer} with the content of a file (RFC 6750 §2.1), which is read before each fetch, so
     * that a token that is rotated on disk is picked up. A file that is missing, empty or holds no token is a failed
     * refresh.
     */
    public Transport bearerTokenFile(Path file) {
        return with("Authorization", new BearerTokenFile(Objects.requireNonNull(file, "bearerTokenFile")));
    }

    /** What decides which HTTP client serves; equal routes share one. */
    Route route() {
        return route;
    }

    List<Header> headers() {
        return headers;
    }

    /** The same for a host that no header field is meant for. */
    Transport withoutHeaders() {
        return new Transport(route, List.of());
    }

    private Transport with(String name, FieldValue value) {
        if (!HeaderFields.isName(name)) {
            throw new IllegalArgumentException("header field name " + SafeText.quoted(name)
                    + " is none (RFC 9110 §5.1); use letters, digits and hyphens");
        }
        if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "header field " + SafeText.of(name) + " is written by the cache or its HTTP client; leave it out");
        }
        List<Header> changed = new ArrayList<>(headers);
        changed.removeIf(header -> header.name().equalsIgnoreCase(name));
        changed.add(new Header(name, value));
        return new Transport(route, changed);
    }

    private static Route checked(Route route) {
        if (route.sslContext() != null && route.trustedCertificates() != null) {
            throw new IllegalArgumentException(
                    "sslContext and trustedCertificates both decide whom to trust; set one of them");
        }
        return route;
    }

    /** Names of header fields; their values may be secrets. */
    @Override
    public String toString() {
        return "Transport[headers=" + headers.stream().map(Header::name).toList() + "]";
    }

    /** Whom to trust and where to connect. */
    static final class Route {
        private final @Nullable SSLContext sslContext;
        private final @Nullable Path trustedCertificates;
        private final @Nullable ProxySelector proxy;
        private final boolean plain;

        private Route(
                @Nullable SSLContext sslContext,
                @Nullable Path trustedCertificates,
                @Nullable ProxySelector proxy,
                boolean plain) {
            this.sslContext = sslContext;
            this.trustedCertificates = trustedCertificates;
            this.proxy = proxy;
            this.plain = plain;
        }

        /** The same way without TLS, where there is nobody to trust. */
        Route withoutTls() {
            return new Route(null, null, proxy, true);
        }

        @Nullable
        SSLContext sslContext() {
            return sslContext;
        }

        @Nullable
        Path trustedCertificates() {
            return trustedCertificates;
        }

        @Nullable
        ProxySelector proxy() {
            return proxy;
        }

        boolean plain() {
            return plain;
        }

        // By hand: what a record links for these two costs a new process more than all of its other classes.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Route that
                    && plain == that.plain
                    && Objects.equals(sslContext, that.sslContext)
                    && Objects.equals(trustedCertificates, that.trustedCertificates)
                    && Objects.equals(proxy, that.proxy);
        }

        @Override
        public int hashCode() {
            return Objects.hash(sslContext, trustedCertificates, proxy, plain);
        }
    }

    record Header(String name, FieldValue value) {}

    /** Gives the value of a header field for one request. */
    interface FieldValue {
        String get() throws FetchException;
    }
}
