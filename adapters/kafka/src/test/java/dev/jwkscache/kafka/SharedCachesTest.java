package dev.jwkscache.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.JwksCache;
import dev.jwkscache.KeysUnavailableException;
import dev.jwkscache.testkit.ScriptedProvider;
import java.util.List;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class SharedCachesTest {
    private final SharedCaches caches = new SharedCaches();

    @Test
    void aCacheIsClosedByItsLastUser() {
        try (ScriptedProvider provider = ScriptedProvider.start()) {
            ValidatorSettings settings = ValidatorSettings.of(Configs.of(provider), Configs.MECHANISM, List.of());
            JwksCache first = caches.acquire(settings, SharedCachesTest::build);
            ValidatorSettings same = ValidatorSettings.of(Configs.of(provider), Configs.MECHANISM, List.of());
            assertThat(caches.acquire(same, SharedCachesTest::build)).isSameAs(first);
            first.start();

            caches.release(same);
            assertThat(first.get().size()).isEqualTo(1);
            caches.release(settings);

            assertThatThrownBy(first::start)
                    .isInstanceOf(KeysUnavailableException.class)
                    .hasMessageContaining("closed");
            caches.release(settings);
            JwksCache next = caches.acquire(settings, SharedCachesTest::build);
            assertThat(next).isNotSameAs(first);
            next.close();
        }
    }

    @Test
    void whatCannotBeBuiltIsNotKept() {
        try (ScriptedProvider provider = ScriptedProvider.start()) {
            ValidatorSettings settings = ValidatorSettings.of(Configs.of(provider), Configs.MECHANISM, List.of());
            assertThatThrownBy(() -> caches.acquire(settings, unfit -> {
                        throw new ConfigException("unfit");
                    }))
                    .isInstanceOf(ConfigException.class);

            JwksCache cache = caches.acquire(settings, SharedCachesTest::build);
            assertThat(cache).isNotNull();
            cache.close();
        }
    }

    private static JwksCache build(ValidatorSettings settings) {
        return settings.applyTo(JwksCache.builder(settings.jwksUri())).build();
    }
}
