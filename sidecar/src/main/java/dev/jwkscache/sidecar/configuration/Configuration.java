package dev.jwkscache.sidecar.configuration;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that a sidecar is told, complete and checked. Two that are equal make sidecars that do the same.
 *
 * @param providers whose keys are kept; at least one, no name twice, in the order given
 * @param keys where clients ask for keys
 * @param management where people and machines ask how things are
 * @param managementToken what the management server asks for beyond loopback; null only where it listens on loopback
 * @param limits what one client may take of either server
 * @param store where keys are kept for a restart
 * @param history where is written down what was trusted when; null for nowhere
 * @param corsOrigins the origins whose pages may read keys (the value of {@code Origin}), {@code *} for all; mostly empty
 * @param readyMargin readiness ends when the keys of a provider expire within this time
 * @param drainTime how long a stop waits for requests under way, after readiness has ended
 * @param rereadWait how long a request for a set waits for a refresh that it started; 0 for not at all
 * @param baseAddress where clients reach the key server, for the addresses that it names; null for where a request came to
 */
public record Configuration(
        List<ProviderConfiguration> providers,
        Listen keys,
        Listen management,
        @Nullable String managementToken,
        Limits limits,
        Store store,
        @Nullable History history,
        Set<String> corsOrigins,
        Duration readyMargin,
        Duration drainTime,
        Duration rereadWait,
        @Nullable String baseAddress) {

    /** Copies the collections. */
    public Configuration {
        providers = List.copyOf(providers);
        corsOrigins = Set.copyOf(corsOrigins);
    }

    /** Whether a running sidecar would have to be started again for something of the other to take effect. */
    public boolean needsRestartFor(Configuration other) {
        // Providers, the token, the margin of readiness and the time to drain take effect at once.
        return !equals(new Configuration(
                providers,
                other.keys,
                other.management,
                managementToken,
                other.limits,
                other.store,
                other.history,
                other.corsOrigins,
                readyMargin,
                drainTime,
                other.rereadWait,
                other.baseAddress));
    }

    /**
     * Where a server listens.
     *
     * @param host a name or literal; loopback unless the user said otherwise
     * @param port 0 for any free one
     */
    public record Listen(String host, int port) {
        /** Whether only this machine can reach it, by the look of the host; nobody is asked. */
        public boolean isLoopback() {
            return Checks.isLoopback(host);
        }

        /** As in an address: {@code 127.0.0.1:8090}, {@code [::1]:8090}. */
        public String authority(int realPort) {
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + realPort;
        }
    }

    /**
     * What one client may take.
     *
     * @param connections open ones to a server; more are closed at once
     * @param idleTime after which a connection without a request is closed
     * @param requestTime within which a request's head must have come
     * @param headerBytes of a request's head, its first line included
     */
    public record Limits(int connections, Duration idleTime, Duration requestTime, int headerBytes) {}

    /** Where keys are kept for a restart, or for a fleet. */
    public sealed interface Store {
        /** Nowhere. */
        record None() implements Store {}

        /**
         * A folder, one for each machine.
         *
         * @param hmacKeyFile holds the key that snapshots are signed with; null for none
         */
        record Folder(Path folder, @Nullable Path hmacKeyFile) implements Store {}

        /**
         * A Redis or Valkey that a fleet shares.
         *
         * @param uris of one server, or of the seeds of a cluster; each can be read by Lettuce, and may hold a password
         * @param keyPrefix null for the default
         * @param hmacKeyFile holds the key that snapshots are signed with, see {@link SecretFile#hmacKey}; null where the
         *     user said that the store is trusted
         */
        record Redis(
                List<String> uris,
                boolean cluster,
                @Nullable String keyPrefix,
                @Nullable Path hmacKeyFile) implements Store {

            /** Copies the list. */
            public Redis {
                uris = List.copyOf(uris);
            }

            /** Everything but the addresses, which may hold passwords. */
            @Override
            public String toString() {
                return "Redis[" + uris.size() + " address(es), cluster=" + cluster + ", keyPrefix=" + keyPrefix
                        + ", hmacKeyFile=" + hmacKeyFile + "]";
            }
        }
    }

    /**
     * The record of what was trusted when.
     *
     * @param maxBytes of one file; a fuller one is put aside
     * @param maxFiles how many that were put aside are kept
     */
    public record History(Path folder, long maxBytes, int maxFiles) {}

    /** Everything but the token. */
    @Override
    public String toString() {
        return "Configuration[" + providers + ", keys=" + keys + ", management=" + management + ", store=" + store
                + "]";
    }
}
