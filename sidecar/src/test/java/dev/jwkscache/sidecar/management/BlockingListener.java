package dev.jwkscache.sidecar.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.JwksCacheListener;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Blocks the thread in which all caches of this process tell their listeners, from a refresh of its own cache on. */
final class BlockingListener implements JwksCacheListener {
    private final CountDownLatch blocked = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean blocks;

    @Override
    public void refreshed(Refreshed event) {
        if (blocks) {
            blocked.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Returns when nobody is told anything any more. */
    void block(Running running, String provider) throws InterruptedException {
        blocks = true;
        running.provider(provider).cache().refresh();
        assertThat(blocked.await(Running.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
    }

    void release() {
        released.countDown();
    }
}
