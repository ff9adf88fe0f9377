package dev.jwkscache.contract;

import dev.jwkscache.JwksCache;

/** A parser of a library on the keys of a cache. */
public interface Verification extends AutoCloseable {

    /** Returns if the token is to be trusted. */
    void verify(String token) throws Exception;

    @Override
    void close();

    /** A call of a library. */
    @FunctionalInterface
    interface Call {
        void verify(String token) throws Exception;
    }

    /** A parser that leaves the cache to the caller. */
    static Verification of(JwksCache cache, Call call) {
        return new Verification() {
            @Override
            public void verify(String token) throws Exception {
                call.verify(token);
            }

            @Override
            public void close() {
                cache.close();
            }
        };
    }
}
