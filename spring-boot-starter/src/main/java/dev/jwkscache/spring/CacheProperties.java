package dev.jwkscache.spring;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

/** The settings that each cache has; what is null is left to the builder, or for an issuer to the settings of all. */
public abstract class CacheProperties {

    /**
     * Age up to which keys are fresh. If a duration suffix is not specified, seconds will be used.
     */
    @DurationUnit(ChronoUnit.SECONDS)
    private @Nullable Duration timeToLive;

    /**
     * Time between background refreshes. Half of the time to live by default. If a duration suffix is not specified, seconds
     * will be used.
     */
    @DurationUnit(ChronoUnit.SECONDS)
    private @Nullable Duration refreshInterval;

    /**
     * Least time that 'Cache-Control' may shorten the refresh interval to. If a duration suffix is not specified, seconds will
     * be used.
     */
    @DurationUnit(ChronoUnit.SECONDS)
    private @Nullable Duration minRefreshInterval;

    /**
     * Deadline of a whole fetch, body included. If a duration suffix is not specified, seconds will be used.
     */
    @DurationUnit(ChronoUnit.SECONDS)
    private @Nullable Duration fetchTimeout;

    /**
     * Age past which no key is served, whatever happens. If a duration suffix is not specified, seconds will be used.
     */
    @DurationUnit(ChronoUnit.SECONDS)
    private @Nullable Duration maxStaleness;

    /**
     * Time in which at most one fetch is made for unknown kids. If a duration suffix is not specified, seconds will be used.
     */
    @DurationUnit(ChronoUnit.SECONDS)
    private @Nullable Duration missCooldown;

    /**
     * Time that a request with an unknown kid waits for a refresh at most. If a duration suffix is not specified, seconds will
     * be used.
     */
    @DurationUnit(ChronoUnit.SECONDS)
    private @Nullable Duration missWait;

    /**
     * Time that requests wait for a refresh before they get stale keys. If a duration suffix is not specified, seconds will be
     * used.
     */
    @DurationUnit(ChronoUnit.SECONDS)
    private @Nullable Duration staleWait;

    /**
     * Time that a fetch waits for the store before it is made without it. If a duration suffix is not specified, seconds will
     * be used.
     */
    @DurationUnit(ChronoUnit.SECONDS)
    private @Nullable Duration storeWait;

    /**
     * Largest size of a key set after decompression, at most 64MB.
     */
    private @Nullable DataSize maxDocumentBytes;

    /**
     * Least number of bits of an RSA key that is used, from 1024 to 16384.
     */
    private @Nullable Integer minRsaBits;

    /**
     * Comma-separated list of the values of 'use' that mark keys for signatures.
     */
    private @Nullable Set<String> signatureUses;

    /**
     * Origin that an issuer is reached at when its name is not its address, such as 'https://keycloak.internal:8443'. Only for
     * issuers whose keys are found by discovery.
     */
    private @Nullable URI fetchBase;

    /**
     * Whether plain http is allowed beyond loopback. Whoever is on the way can then replace the keys.
     */
    private @Nullable Boolean allowPlainHttp;

    private final Transport transport = new Transport();

    public @Nullable Duration getTimeToLive() {
        return this.timeToLive;
    }

    public void setTimeToLive(@Nullable Duration timeToLive) {
        this.timeToLive = timeToLive;
    }

    public @Nullable Duration getRefreshInterval() {
        return this.refreshInterval;
    }

    public void setRefreshInterval(@Nullable Duration refreshInterval) {
        this.refreshInterval = refreshInterval;
    }

    public @Nullable Duration getMinRefreshInterval() {
        return this.minRefreshInterval;
    }

    public void setMinRefreshInterval(@Nullable Duration minRefreshInterval) {
        this.minRefreshInterval = minRefreshInterval;
    }

    public @Nullable Duration getFetchTimeout() {
        return this.fetchTimeout;
    }

    public void setFetchTimeout(@Nullable Duration fetchTimeout) {
        this.fetchTimeout = fetchTimeout;
    }

    public @Nullable Duration getMaxStaleness() {
        return this.maxStaleness;
    }

    public void setMaxStaleness(@Nullable Duration maxStaleness) {
        this.maxStaleness = maxStaleness;
    }

    public @Nullable Duration getMissCooldown() {
        return this.missCooldown;
    }

    public void setMissCooldown(@Nullable Duration missCooldown) {
        this.missCooldown = missCooldown;
    }

    public @Nullable Duration getMissWait() {
        return this.missWait;
    }

    public void setMissWait(@Nullable Duration missWait) {
        this.missWait = missWait;
    }

    public @Nullable Duration getStaleWait() {
        return this.staleWait;
    }

    public void setStaleWait(@Nullable Duration staleWait) {
        this.staleWait = staleWait;
    }

    public @Nullable Duration getStoreWait() {
        return this.storeWait;
    }

    public void setStoreWait(@Nullable Duration storeWait) {
        this.storeWait = storeWait;
    }

    public @Nullable DataSize getMaxDocumentBytes() {
        return this.maxDocumentBytes;
    }

    public void setMaxDocumentBytes(@Nullable DataSize maxDocumentBytes) {
        this.maxDocumentBytes = maxDocumentBytes;
    }

    public @Nullable Integer getMinRsaBits() {
        return this.minRsaBits;
    }

    public void setMinRsaBits(@Nullable Integer minRsaBits) {
        this.minRsaBits = minRsaBits;
    }

    public @Nullable Set<String> getSignatureUses() {
        return this.signatureUses;
    }

    public void setSignatureUses(@Nullable Set<String> signatureUses) {
        this.signatureUses = signatureUses;
    }

    public @Nullable URI getFetchBase() {
        return this.fetchBase;
    }

    public void setFetchBase(@Nullable URI fetchBase) {
        this.fetchBase = fetchBase;
    }

    public @Nullable Boolean getAllowPlainHttp() {
        return this.allowPlainHttp;
    }

    public void setAllowPlainHttp(@Nullable Boolean allowPlainHttp) {
        this.allowPlainHttp = allowPlainHttp;
    }

    public Transport getTransport() {
        return this.transport;
    }

    /** How requests reach a provider; what is null is left to the settings of all caches, and in the end to the JVM. */
    public static class Transport {

        /**
         * PEM file of the only certificates to trust. It is read again whenever it has changed.
         */
        private @Nullable Path trustedCertificates;

        /**
         * File whose content is sent as bearer token. It is read before each fetch.
         */
        private @Nullable Path bearerTokenFile;

        /**
         * Header fields that are sent with each fetch, by name.
         */
        private Map<String, String> headers = new LinkedHashMap<>();

        private final Ssl ssl = new Ssl();

        private final Proxy proxy = new Proxy();

        public @Nullable Path getTrustedCertificates() {
            return this.trustedCertificates;
        }

        public void setTrustedCertificates(@Nullable Path trustedCertificates) {
            this.trustedCertificates = trustedCertificates;
        }

        public @Nullable Path getBearerTokenFile() {
            return this.bearerTokenFile;
        }

        public void setBearerTokenFile(@Nullable Path bearerTokenFile) {
            this.bearerTokenFile = bearerTokenFile;
        }

        public Map<String, String> getHeaders() {
            return this.headers;
        }

        public void setHeaders(Map<String, String> headers) {
            this.headers = headers;
        }

        public Ssl getSsl() {
            return this.ssl;
        }

        public Proxy getProxy() {
            return this.proxy;
        }

        /** Trust and client certificate. */
        public static class Ssl {

            /**
             * SSL bundle with the certificates to trust, and the client certificate if the provider wants one. It is read at the start.
             */
            private @Nullable String bundle;

            public @Nullable String getBundle() {
                return this.bundle;
            }

            public void setBundle(@Nullable String bundle) {
                this.bundle = bundle;
            }
        }

        /** The proxy to go through. */
        public static class Proxy {

            /**
             * Host of the proxy. The proxy settings of the JVM are used by default.
             */
            private @Nullable String host;

            /**
             * Port of the proxy.
             */
            private @Nullable Integer port;

            public @Nullable String getHost() {
                return this.host;
            }

            public void setHost(@Nullable String host) {
                this.host = host;
            }

            public @Nullable Integer getPort() {
                return this.port;
            }

            public void setPort(@Nullable Integer port) {
                this.port = port;
            }
        }
    }
}
