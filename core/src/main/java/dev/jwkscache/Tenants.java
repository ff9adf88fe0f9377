package dev.jwkscache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The caches of many issuers: those that were named, and a bounded number of those that are only allowed. Looking one up
 * takes no lock; one lock guards who comes and who goes.
 */
final class Tenants {
    /** How long somebody who has no keys yet is let alone: the time of a first fetch, and of one more. */
    static final Duration NEWCOMER = Duration.ofSeconds(10);
    /** How long ago the last use of one who has keys must be before he may have to make room. */
    static final Duration IN_USE = Duration.ofMinutes(1);

    private final ConcurrentMap<String, Tenant> byIssuer = new ConcurrentHashMap<>();
    private final Object turnstile = new Object();
    private final int most;
    private final LongSupplier nanoTime;
    private final long origin;
    private volatile boolean closed;
    /** While it is full nobody can go before then, so that whoever comes is refused without a look at all the others. */
    private volatile long fullUntil;

    private int allowed;

    Tenants(int most, LongSupplier nanoTime) {
        this.most = most;
        this.nanoTime = nanoTime;
        this.origin = nanoTime.getAsLong();
    }

    /** The one of that issuer, whose use is noted; null when there is none. */
    @Nullable
    Tenant at(String issuer) {
        Tenant tenant = byIssuer.get(issuer);
        return tenant == null || tenant.configured() || tenant.use(now()) ? tenant : null;
    }

    boolean closed() {
        return closed;
    }

    Set<String> issuers() {
        return Set.copyOf(byIssuer.keySet());
    }

    Collection<Tenant> all() {
        return byIssuer.values();
    }

    List<Map.Entry<String, Tenant>> configured() {
        return byIssuer.entrySet().stream()
                .filter(entry -> entry.getValue().configured())
                .toList();
    }

    /**
     * Adds one that was named, in the place of one that was only allowed.
     *
     * @throws IllegalArgumentException if one of that name was added before
     * @throws IllegalStateException if these caches are closed
     */
    Tenant add(String issuer, JwksCache.Builder settings) {
        Tenant before;
        Tenant added;
        synchronized (turnstile) {
            if (closed) {
                throw new IllegalStateException("issuer " + SafeText.quoted(issuer)
                        + " comes too late: these caches are closed; build new ones");
            }
            before = byIssuer.get(issuer);
            if (before != null && before.configured()) {
                throw new IllegalArgumentException("issuer " + SafeText.quoted(issuer)
                        + " is there already; remove it first, or leave its settings as they are");
            }
            added = new Tenant(settings.build(), true, now());
            leave(before);
            byIssuer.put(issuer, added);
        }
        close(before);
        return added;
    }

    /**
     * Refuses at once when there can be no room.
     *
     * @throws KeysUnavailableException if it is full and nobody has to go yet
     */
    void requireRoom() {
        long left = fullUntil - now();
        if (left > 0) {
            throw full(left);
        }
    }

    /**
     * Lets one in that is allowed, or finds the one whom somebody else has let in.
     *
     * @throws KeysUnavailableException if it is full and nobody has to go, or these caches are closed
     */
    Tenant admit(String issuer, JwksCache.Builder settings) {
        Tenant unwanted = null;
        try {
            synchronized (turnstile) {
                requireOpen();
                long now = now();
                Tenant known = byIssuer.get(issuer);
                if (known != null && (known.configured() || known.use(now))) {
                    return known;
                }
                Tenant admitted = new Tenant(settings.build(), false, now);
                unwanted = admitted;
                Tenant leaver = allowed < most ? null : makeRoom(now);
                byIssuer.put(issuer, admitted);
                allowed++;
                unwanted = leaver;
                return admitted;
            }
        } finally {
            close(unwanted);
        }
    }

    /** Ends one, named or not; false when there is none. */
    boolean remove(String issuer) {
        Tenant removed;
        synchronized (turnstile) {
            removed = byIssuer.remove(issuer);
            leave(removed);
        }
        close(removed);
        return removed != null;
    }

    /** Ends those that are only allowed and that nobody has asked for in that time. */
    void removeIdle(Duration idleTime) {
        List<Tenant> idle = new ArrayList<>();
        synchronized (turnstile) {
            long now = now();
            byIssuer.forEach((issuer, tenant) -> {
                long lastUse = tenant.lastUse();
                if (!tenant.configured() && tenant.idle(now) >= idleTime.toNanos() && tenant.retire(lastUse)) {
                    byIssuer.remove(issuer, tenant);
                    leave(tenant);
                    idle.add(tenant);
                }
            });
        }
        idle.forEach(Tenants::close);
    }

    /** Ends all, for good; false when that was done before. */
    boolean close() {
        List<Tenant> all;
        synchronized (turnstile) {
            if (closed) {
                return false;
            }
            closed = true;
            all = List.copyOf(byIssuer.values());
            byIssuer.clear();
        }
        all.forEach(Tenants::close);
        return true;
    }

    void requireOpen() {
        if (closed) {
            throw new KeysUnavailableException("the caches of all issuers are closed", null);
        }
    }

    /**
     * Takes out whoever is missed least. Those who never had keys go first, oldest use first, but not before they could
     * load some; and while there is one of them nobody who has keys goes. So whoever invents issuers pushes out his own
     * inventions, and one cache that nobody used for a while at the most.
     */
    private Tenant makeRoom(long now) {
        while (true) {
            boolean newcomers =
                    byIssuer.values().stream().anyMatch(tenant -> !tenant.configured() && !tenant.hadKeys());
            Map.Entry<String, Tenant> leaver = null;
            long earliestUse = Long.MAX_VALUE;
            long soonest = Long.MAX_VALUE;
            for (Map.Entry<String, Tenant> entry : byIssuer.entrySet()) {
                Tenant tenant = entry.getValue();
                if (tenant.configured() || (newcomers && tenant.hadKeys())) {
                    continue;
                }
                long lastUse = tenant.lastUse();
                long left = newcomers ? NEWCOMER.toNanos() - tenant.age(now) : IN_USE.toNanos() - tenant.idle(now);
                soonest = Math.min(soonest, left);
                if (left <= 0 && lastUse < earliestUse) {
                    leaver = entry;
                    earliestUse = lastUse;
                }
            }
            if (leaver == null) {
                fullUntil = now + soonest;
                throw full(soonest);
            }
            Tenant tenant = leaver.getValue();
            if (tenant.retire(earliestUse)) {
                byIssuer.remove(leaver.getKey(), tenant);
                leave(tenant);
                return tenant;
            }
        }
    }

    private void leave(@Nullable Tenant tenant) {
        if (tenant != null && !tenant.configured()) {
            tenant.retire(tenant.lastUse());
            allowed--;
            fullUntil = 0;
        }
    }

    private KeysUnavailableException full(long leftNanos) {
        return new KeysUnavailableException(
                "no room for one more issuer: " + most
                        + " (maxIssuers) are at hand and in use or new; raise maxIssuers,"
                        + " or name the issuers that must always be served",
                Duration.ofNanos(leftNanos));
    }

    private static void close(@Nullable Tenant tenant) {
        if (tenant != null) {
            tenant.cache().close();
        }
    }

    private long now() {
        return nanoTime.getAsLong() - origin;
    }
}
