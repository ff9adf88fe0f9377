package dev.jwkscache.spring;

import dev.jwkscache.JwksCacheListener;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the README shows, word by word. */
@Configuration(proxyBeanMethods = false)
class ReadmeSamples {

    @Bean
    JwksCacheBuilderCustomizer patientWithPartners() {
        return (name, cache) -> {
            if (name.equals("partners")) {
                cache.fetchTimeout(Duration.ofSeconds(20));
            }
        };
    }

    @Bean
    JwksCacheListener withdrawals() {
        return new JwksCacheListener() {
            @Override
            public void refreshed(Refreshed event) {
                event.change().removed().forEach(key -> System.out.println("withdrawn: " + key));
            }
        };
    }
}
