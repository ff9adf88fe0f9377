package dev.jwkscache;

import dev.jwkscache.testkit.ScriptedProvider;
import java.net.URI;
import java.util.concurrent.CountDownLatch;

/** Run in a process of its own that has SLF4J 1.7: what a cache logs in its life, and that it lives. */
final class LifeWithOldSlf4j {
    private LifeWithOldSlf4j() {}

    public static void main(String[] arguments) throws Exception {
        CountDownLatch purged = new CountDownLatch(1);
        try (ScriptedProvider provider = ScriptedProvider.start("ES256");
                JwksCache cache = JwksCache.builder(provider.jwksUri())
                        .listener(new JwksCacheListener() {
                            @Override
                            public void purged(URI address) {
                                purged.countDown();
                                throw new IllegalStateException("a listener that throws");
                            }
                        })
                        .build();
                JwksCache second = JwksCache.builder(provider.jwksUri()).build()) {
            cache.start();
            second.start();
            cache.purge();
            purged.await();
            System.out.println("served " + second.get().size());
        }
    }
}
