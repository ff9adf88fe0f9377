package dev.jwkscache.bench.soak;

import dev.jwkscache.CacheStatus;
import dev.jwkscache.JwkSet;
import dev.jwkscache.JwksCache;
import dev.jwkscache.VerificationKey;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What the soak asks of a cache. An interface, so that tests can put a wrong cache in its place and see it caught. */
interface Subject {
    void start();

    CompletableFuture<Void> startAsync();

    JwkSet get();

    VerificationKey key(@Nullable String kid, String alg);

    CompletableFuture<VerificationKey> keyAsync(@Nullable String kid, String alg);

    List<VerificationKey> keys(@Nullable String kid, String alg);

    CompletableFuture<JwkSet> refresh();

    void reportBadSignature(VerificationKey key);

    void purge();

    CacheStatus status();

    void close();

    static Subject of(JwksCache cache) {
        return new Real(cache);
    }

    /** The cache itself. */
    class Real implements Subject {
        final JwksCache cache;

        Real(JwksCache cache) {
            this.cache = cache;
        }

        @Override
        public void start() {
            cache.start();
        }

        @Override
        public CompletableFuture<Void> startAsync() {
            return cache.startAsync();
        }

        @Override
        public JwkSet get() {
            return cache.get();
        }

        @Override
        public VerificationKey key(@Nullable String kid, String alg) {
            return cache.key(kid, alg);
        }

        @Override
        public CompletableFuture<VerificationKey> keyAsync(@Nullable String kid, String alg) {
            return cache.keyAsync(kid, alg);
        }

        @Override
        public List<VerificationKey> keys(@Nullable String kid, String alg) {
            return cache.keys(kid, alg);
        }

        @Override
        public CompletableFuture<JwkSet> refresh() {
            return cache.refresh();
        }

        @Override
        public void reportBadSignature(VerificationKey key) {
            cache.reportBadSignature(key);
        }

        @Override
        public void purge() {
            cache.purge();
        }

        @Override
        public CacheStatus status() {
            return cache.status();
        }

        @Override
        public void close() {
            cache.close();
        }
    }
}
