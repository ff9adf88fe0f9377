package dev.jwkscache.spring;

import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksCacheListener;
import dev.jwkscache.spi.SnapshotStore;
import java.net.URI;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.util.unit.DataSize;

/** Makes builders of caches from the properties, listeners, the store and customizers. */
final class CacheBuilders {
    private final JwksCacheProperties properties;
    private final Transports transports;
    private final @Nullable SnapshotStore store;
    private final List<JwksCacheListener> listeners;
    private final List<JwksCacheBuilderCustomizer> customizers;

    CacheBuilders(
            JwksCacheProperties properties,
            Transports transports,
            @Nullable SnapshotStore store,
            List<JwksCacheListener> listeners,
            List<JwksCacheBuilderCustomizer> customizers) {
        this.properties = properties;
        this.transports = transports;
        this.store = store;
        this.listeners = listeners;
        this.customizers = customizers;
    }

    /**
     * Makes something of the builder of an issuer's cache.
     *
     * @param alone whether there is no other issuer, so that every setting of all is meant for this one
     * @throws JwksCacheStartException if a setting is refused
     */
    <T> T build(NamedIssuer issuer, boolean alone, Function<JwksCache.Builder, T> use) {
        URI address = issuer.address();
        boolean discovered = issuer.jwkSetUri() == null;
        try {
            JwksCache.Builder builder = discovered ? JwksCache.forIssuer(address) : JwksCache.builder(address);
            apply(issuer.own(), discovered || alone, builder);
            customizers.forEach(customizer -> customizer.customize(issuer.name(), builder));
            return use.apply(builder);
        } catch (IllegalArgumentException refused) {
            throw new JwksCacheStartException(
                    "the settings of '" + issuer.name() + "', whose address is in " + issuer.prefix()
                            + ", are refused: " + refused.getMessage(),
                    "Correct the properties: a setting such as 'timeToLive' is jwks-cache.time-to-live, or"
                            + " jwks-cache.issuers.<name>.time-to-live for one issuer.",
                    refused);
        }
    }

    private void apply(CacheProperties own, boolean inheritsFetchBase, JwksCache.Builder builder) {
        Inherited inherited = new Inherited(own, properties);
        PropertyMapper map = PropertyMapper.get();
        map.from(inherited.of(CacheProperties::getTimeToLive)).to(builder::timeToLive);
        map.from(inherited.of(CacheProperties::getRefreshInterval)).to(builder::refreshInterval);
        map.from(inherited.of(CacheProperties::getMinRefreshInterval)).to(builder::minRefreshInterval);
        map.from(inherited.of(CacheProperties::getFetchTimeout)).to(builder::fetchTimeout);
        map.from(inherited.of(CacheProperties::getMaxStaleness)).to(builder::maxStaleness);
        map.from(inherited.of(CacheProperties::getMissCooldown)).to(builder::missCooldown);
        map.from(inherited.of(CacheProperties::getMissWait)).to(builder::missWait);
        map.from(inherited.of(CacheProperties::getStaleWait)).to(builder::staleWait);
        map.from(inherited.of(CacheProperties::getStoreWait)).to(builder::storeWait);
        map.from(inherited.of(CacheProperties::getMaxDocumentBytes))
                .as(CacheBuilders::bytes)
                .to(builder::maxDocumentBytes);
        map.from(inherited.of(CacheProperties::getMinRsaBits)).to(builder::minRsaBits);
        map.from(inherited.of(CacheProperties::getSignatureUses)).to(builder::signatureUses);
        map.from(inherited.of(CacheProperties::getAllowPlainHttp)).to(builder::allowPlainHttp);
        // Where all issuers are reached says nothing about one whose keys have an address of their own.
        map.from(inheritsFetchBase ? inherited.of(CacheProperties::getFetchBase) : own::getFetchBase)
                .to(builder::fetchBase);
        builder.transport(transports.of(own.getTransport(), properties.getTransport()));
        map.from(store).to(builder::store);
        listeners.forEach(builder::listener);
    }

    private static int bytes(DataSize size) {
        if (size.toBytes() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "maxDocumentBytes is " + size.toBytes() + "; it must be from 1 to " + (64 << 20));
        }
        return (int) size.toBytes();
    }

    /** What an issuer has for itself, and else what all have. */
    private record Inherited(CacheProperties own, CacheProperties all) {

        <T> Supplier<@Nullable T> of(Function<CacheProperties, @Nullable T> setting) {
            return () -> {
                T value = setting.apply(own);
                return value != null ? value : setting.apply(all);
            };
        }
    }
}
