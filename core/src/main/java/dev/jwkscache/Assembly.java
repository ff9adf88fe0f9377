package dev.jwkscache;

import dev.jwkscache.spi.JwksOrigin;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** Chooses the parts of a cache that depend on where its keys come from. */
final class Assembly {
    private Assembly() {}

    /**
     * Refuses two ways to the keys at once.
     *
     * @throws IllegalArgumentException if a custom origin stands beside what only HTTP needs
     */
    static void checkWays(Settings.Draft draft, @Nullable JwksOrigin origin, Transport transport) {
        if (origin != null && transport != Transport.standard()) {
            throw new IllegalArgumentException("transport is set, but origin replaces HTTP; set one of them");
        }
        if (origin != null && draft.issuer != null) {
            throw new IllegalArgumentException(
                    "origin is set, but forIssuer finds the keys over HTTP; use" + " JwksCache.builder with an origin");
        }
    }

    /** The threads: the shared ones, behind the gate of the host that is fetched from, or those of a test. */
    static Engine engine(
            Settings settings,
            SharedThreads.Lease lease,
            @Nullable ScheduledExecutorService lent,
            @Nullable JwksOrigin lentOrigin) {
        if (lent != null) {
            return Engine.of(lent, lease::release);
        }
        return lentOrigin != null
                ? lease.engine()
                : lease.engine(settings.reachedAt().getAuthority());
    }

    /** The way to the keys over HTTP. */
    static JwksOrigin http(
            Settings settings, Transport transport, HttpOrigin.Clients clients, Engine engine, TimeSource time) {
        Issuer issuer = settings.issuer();
        int most = settings.maxDocumentBytes();
        if (issuer == null) {
            return new HttpOrigin(settings.address(), most, transport, clients);
        }
        // Whoever writes the metadata may name any host for the keys; what the fields hold may be a secret.
        Transport elsewhere = transport.withoutHeaders();
        return new IssuerOrigin(
                settings,
                issuer,
                address -> new HttpOrigin(
                        address,
                        most,
                        Addresses.sameOrigin(address, issuer.reachedAt()) ? transport : elsewhere,
                        clients),
                engine,
                time);
    }
}
