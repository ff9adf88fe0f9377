package dev.jwkscache.spring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.io.support.SpringFactoriesLoader;

class StartFailureTest {

    @Test
    void aRefusedStartSaysWhatToDo() {
        FailureAnalyzer analyzer = SpringFactoriesLoader.forDefaultResourceLocation()
                .load(FailureAnalyzer.class, SpringFactoriesLoader.ArgumentResolver.none(), (type, name, failure) -> {})
                .stream()
                .filter(JwksCacheStartFailureAnalyzer.class::isInstance)
                .findFirst()
                .orElseThrow();

        Contexts.plain()
                .withPropertyValues(Contexts.ISSUER, "jwks-cache.time-to-live=0")
                .run(it -> {
                    FailureAnalysis analysis = analyzer.analyze(it.getStartupFailure());
                    assertThat(analysis.getDescription())
                            .contains("'default'", "spring.security.oauth2.resourceserver.jwt", "timeToLive", "0 s");
                    assertThat(analysis.getAction()).contains("jwks-cache.time-to-live");
                });
    }
}
