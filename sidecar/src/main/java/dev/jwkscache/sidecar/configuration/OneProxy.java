package dev.jwkscache.sidecar.configuration;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One proxy for everything. Equal for the same address, so that caches which use it share one HTTP client. */
final class OneProxy extends ProxySelector {
    private final InetSocketAddress address;
    private final List<Proxy> proxies;

    private OneProxy(InetSocketAddress address) {
        this.address = address;
        proxies = List.of(new Proxy(Proxy.Type.HTTP, address));
    }

    /** Of {@code host:port}, which is looked up in DNS for each connection. */
    static OneProxy at(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        String host = hostAndPort.substring(0, colon).replaceAll("[\\[\\]]", "");
        return new OneProxy(
                InetSocketAddress.createUnresolved(host, Integer.parseInt(hostAndPort.substring(colon + 1))));
    }

    @Override
    public List<Proxy> select(URI uri) {
        return proxies;
    }

    @Override
    public void connectFailed(URI uri, SocketAddress proxy, IOException failure) {
        // There is no other; the failed fetch is told by the cache.
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OneProxy that && address.equals(that.address);
    }

    @Override
    public int hashCode() {
        return address.hashCode();
    }

    @Override
    public String toString() {
        return "OneProxy[" + address + "]";
    }
}
