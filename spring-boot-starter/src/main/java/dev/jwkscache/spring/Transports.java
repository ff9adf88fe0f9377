package dev.jwkscache.spring;

import dev.jwkscache.Transport;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;

/** Makes transports of properties; equal trust and proxies become the same objects, so that caches share HTTP clients. */
final class Transports {
    private final @Nullable SslBundles bundles;
    private final Map<String, SSLContext> contexts = new HashMap<>();
    private final Map<String, ProxySelector> proxies = new HashMap<>();

    Transports(@Nullable SslBundles bundles) {
        this.bundles = bundles;
    }

    /**
     * What an issuer has for itself, and else what all have. Trust is one thing: who names a file does not inherit a bundle.
     *
     * @throws JwksCacheStartException if a bundle or half of a proxy is missing
     * @throws IllegalArgumentException if a field name is none, or two settings contradict each other
     */
    Transport of(CacheProperties.Transport own, CacheProperties.Transport all) {
        Transport transport = Transport.standard();
        CacheProperties.Transport trust = decidesTrust(own) ? own : all;
        if (trust.getTrustedCertificates() != null) {
            transport = transport.trustedCertificates(trust.getTrustedCertificates());
        }
        if (trust.getSsl().getBundle() != null) {
            transport = transport.sslContext(context(trust.getSsl().getBundle()));
        }
        CacheProperties.Transport.Proxy proxy =
                own.getProxy().getHost() == null && own.getProxy().getPort() == null ? all.getProxy() : own.getProxy();
        if (proxy.getHost() != null || proxy.getPort() != null) {
            transport = transport.proxy(selector(proxy));
        }
        Map<String, String> headers = new LinkedHashMap<>(all.getHeaders());
        headers.putAll(own.getHeaders());
        for (Map.Entry<String, String> header : headers.entrySet()) {
            transport = transport.header(header.getKey(), header::getValue);
        }
        if (own.getBearerTokenFile() != null) {
            return transport.bearerTokenFile(own.getBearerTokenFile());
        }
        return all.getBearerTokenFile() == null ? transport : transport.bearerTokenFile(all.getBearerTokenFile());
    }

    private static boolean decidesTrust(CacheProperties.Transport properties) {
        return properties.getTrustedCertificates() != null
                || properties.getSsl().getBundle() != null;
    }

    private SSLContext context(String bundle) {
        SslBundles known = bundles;
        if (known == null) {
            throw new JwksCacheStartException(
                    "the SSL bundle '" + bundle + "' is asked for, but there are no SSL bundles",
                    "Define it below spring.ssl.bundle, or name a PEM file in trusted-certificates.",
                    null);
        }
        return contexts.computeIfAbsent(bundle, name -> known.getBundle(name).createSslContext());
    }

    private ProxySelector selector(CacheProperties.Transport.Proxy proxy) {
        String host = proxy.getHost();
        Integer port = proxy.getPort();
        if (host == null || port == null) {
            throw new JwksCacheStartException(
                    "a proxy needs host and port, but "
                            + (host == null ? "port " + port + " has no host" : host + " has no port"),
                    "Set both proxy.host and proxy.port of the transport, or neither.",
                    null);
        }
        return proxies.computeIfAbsent(
                host + ':' + port, key -> ProxySelector.of(InetSocketAddress.createUnresolved(host, port)));
    }
}
