package dev.jwkscache.spring;

import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksCaches;
import dev.jwkscache.JwksException;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the caches before the web server takes requests. Their end is that of their beans: after all lifecycles have
 * stopped, and so after the web server has answered its last request.
 */
final class JwksCacheLifecycle implements SmartLifecycle {
    /** Before the web server starts, at {@code DEFAULT_PHASE - 2048}. */
    static final int PHASE = DEFAULT_PHASE - 4096;

    private final JwksCacheRegistry registry;
    private final boolean failFast;
    private volatile boolean running;

    JwksCacheLifecycle(JwksCacheRegistry registry, boolean failFast) {
        this.registry = registry;
        this.failFast = failFast;
    }

    /**
     * Starts them all; waits for keys only to fail fast.
     *
     * @throws JwksCacheStartException if there are none and the application is to fail then
     */
    @Override
    public void start() {
        JwksCaches many = registry.many();
        try {
            if (many != null && failFast) {
                many.start();
            } else if (many != null) {
                many.startAsync();
            } else if (failFast) {
                registry.caches().values().forEach(JwksCache::start);
            } else {
                registry.caches().values().forEach(JwksCache::startAsync);
            }
        } catch (JwksException e) {
            throw new JwksCacheStartException(
                    "there are no keys, and jwks-cache.fail-fast is true: " + e.getMessage(),
                    "See that the provider can be reached from here, or set jwks-cache.fail-fast=false: the application then"
                            + " starts, answers 503 and goes on trying.",
                    e);
        }
        running = true;
    }

    /** Stops nothing: a context that was only stopped, or paused between tests, may be started again. */
    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public boolean isPauseable() {
        return false;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
