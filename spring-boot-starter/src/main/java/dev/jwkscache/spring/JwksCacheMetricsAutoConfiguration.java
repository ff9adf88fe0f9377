package dev.jwkscache.spring;

import dev.jwkscache.micrometer.JwksCacheMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of meters, whose tag {@code cache} is the name of the issuer. Backs off to {@link JwksCacheMetrics} of the
 * application, which is then a listener of the caches like any other such bean.
 */
@AutoConfiguration(
        after = JwksCacheAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass({MeterRegistry.class, JwksCacheMetrics.class})
@ConditionalOnBean({MeterRegistry.class, JwksCacheRegistry.class})
@ConditionalOnMissingBean(JwksCacheMetrics.class)
public final class JwksCacheMetricsAutoConfiguration {

    @Bean
    NamedCacheMeters jwksCacheMeters(ObjectProvider<JwksCacheRegistry> caches) {
        return new NamedCacheMeters(caches);
    }
}
