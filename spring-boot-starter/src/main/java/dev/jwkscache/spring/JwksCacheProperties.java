package dev.jwkscache.spring;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.convert.DurationUnit;

/** The properties {@code jwks-cache.*}: settings of all caches, and issuers with settings of their own. */
@ConfigurationProperties("jwks-cache")
public class JwksCacheProperties extends CacheProperties {

    /**
     * Whether resource servers keep their keys with jwks-cache.
     */
    private boolean enabled = true;

    /**
     * Whether the application refuses to start while an issuer has no keys. Otherwise it starts, and answers 503 until there
     * are keys.
     */
    private boolean failFast;

    /**
     * Issuers whose tokens are accepted, by a name that health, metrics and customizers use. Each has 'issuer-uri' or
     * 'jwk-set-uri', and can have every setting of 'jwks-cache' that is not its own here.
     */
    private final Map<String, Issuer> issuers = new LinkedHashMap<>();

    private final Store store = new Store();

    public boolean isEnabled() {
        return this.enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    public boolean isFailFast() {
        return this.failFast;
    }

    public void setFailFast(boolean failFast) {
        this.failFast = failFast;
    }

    public Map<String, Issuer> getIssuers() {
        return this.issuers;
    }

    public Store getStore() {
        return this.store;
    }

    /** One issuer; a setting that it lacks is that of all caches. */
    public static class Issuer extends CacheProperties {

        /**
         * Issuer as in the claim 'iss' of its tokens, to the letter. Its metadata names its keys unless 'jwk-set-uri' does.
         */
        private @Nullable String issuerUri;

        /**
         * Address of the key set.
         */
        private @Nullable String jwkSetUri;

        public @Nullable String getIssuerUri() {
            return this.issuerUri;
        }

        public void setIssuerUri(@Nullable String issuerUri) {
            this.issuerUri = issuerUri;
        }

        public @Nullable String getJwkSetUri() {
            return this.jwkSetUri;
        }

        public void setJwkSetUri(@Nullable String jwkSetUri) {
            this.jwkSetUri = jwkSetUri;
        }
    }

    /** Where key sets are kept outside of the process. */
    public static class Store {

        private final File file = new File();

        private final Redis redis = new Redis();

        public File getFile() {
            return this.file;
        }

        public Redis getRedis() {
            return this.redis;
        }

        /** A folder. */
        public static class File {

            /**
             * Folder that keeps the last good key set for a restart.
             */
            private @Nullable Path directory;

            /**
             * File with at least 32 random bytes that sign what is kept. Without it, whoever can write to the folder decides which
             * keys are trusted.
             */
            private @Nullable Path hmacKeyFile;

            public @Nullable Path getDirectory() {
                return this.directory;
            }

            public void setDirectory(@Nullable Path directory) {
                this.directory = directory;
            }

            public @Nullable Path getHmacKeyFile() {
                return this.hmacKeyFile;
            }

            public void setHmacKeyFile(@Nullable Path hmacKeyFile) {
                this.hmacKeyFile = hmacKeyFile;
            }
        }

        /** A Redis or Valkey that a fleet shares. */
        public static class Redis {

            /**
             * Comma-separated list of addresses, such as 'rediss://user:password@redis.example:6379/0' or
             * 'redis-sentinel://one.example,two.example?sentinelMasterId=keys'. More than one only with a cluster.
             */
            private List<String> uri = new ArrayList<>();

            /**
             * Whether the addresses are nodes of a cluster.
             */
            private boolean cluster;

            /**
             * File with at least 32 random bytes that sign what is kept, the same for the whole fleet.
             */
            private @Nullable Path hmacKeyFile;

            /**
             * Whether to trust what is kept without a signature. Whoever can write to that Redis then decides which keys are
             * trusted.
             */
            private boolean trustStore;

            /**
             * Beginning of the names of keys and of the channel.
             */
            private @Nullable String keyPrefix;

            /**
             * Time limit of each operation. If a duration suffix is not specified, seconds will be used.
             */
            @DurationUnit(ChronoUnit.SECONDS)
            private @Nullable Duration commandTimeout;

            /**
             * Time between looks for changes that were not announced. If a duration suffix is not specified, seconds will be used.
             */
            @DurationUnit(ChronoUnit.SECONDS)
            private @Nullable Duration pollInterval;

            /**
             * Time that Redis keeps what nobody changes any more. If a duration suffix is not specified, seconds will be used.
             */
            @DurationUnit(ChronoUnit.SECONDS)
            private @Nullable Duration keepFor;

            private final Ssl ssl = new Ssl();

            public List<String> getUri() {
                return this.uri;
            }

            public void setUri(List<String> uri) {
                this.uri = uri;
            }

            public boolean isCluster() {
                return this.cluster;
            }

            public void setCluster(boolean cluster) {
                this.cluster = cluster;
            }

            public @Nullable Path getHmacKeyFile() {
                return this.hmacKeyFile;
            }

            public void setHmacKeyFile(@Nullable Path hmacKeyFile) {
                this.hmacKeyFile = hmacKeyFile;
            }

            public boolean isTrustStore() {
                return this.trustStore;
            }

            public void setTrustStore(boolean trustStore) {
                this.trustStore = trustStore;
            }

            public @Nullable String getKeyPrefix() {
                return this.keyPrefix;
            }

            public void setKeyPrefix(@Nullable String keyPrefix) {
                this.keyPrefix = keyPrefix;
            }

            public @Nullable Duration getCommandTimeout() {
                return this.commandTimeout;
            }

            public void setCommandTimeout(@Nullable Duration commandTimeout) {
                this.commandTimeout = commandTimeout;
            }

            public @Nullable Duration getPollInterval() {
                return this.pollInterval;
            }

            public void setPollInterval(@Nullable Duration pollInterval) {
                this.pollInterval = pollInterval;
            }

            public @Nullable Duration getKeepFor() {
                return this.keepFor;
            }

            public void setKeepFor(@Nullable Duration keepFor) {
                this.keepFor = keepFor;
            }

            public Ssl getSsl() {
                return this.ssl;
            }
        }

        /** Certificates for an address with TLS. */
        public static class Ssl {

            /**
             * SSL bundle with the certificates to trust, and the client certificate if Redis wants one. Only for addresses with
             * TLS.
             */
            private @Nullable String bundle;

            public @Nullable String getBundle() {
                return this.bundle;
            }

            public void setBundle(@Nullable String bundle) {
                this.bundle = bundle;
            }
        }
    }
}
