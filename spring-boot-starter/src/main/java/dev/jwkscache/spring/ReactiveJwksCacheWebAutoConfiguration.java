package dev.jwkscache.spring;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.web.server.WebExceptionHandler;

/** Auto-configuration of the answer 503 in reactive applications, whatever their security filter chains are. */
@AutoConfiguration(after = JwksCacheAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "jwks-cache.enabled", matchIfMissing = true)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass({AuthenticationServiceException.class, WebExceptionHandler.class})
public final class ReactiveJwksCacheWebAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "missingKeysExceptionHandler")
    MissingKeysExceptionHandler missingKeysExceptionHandler() {
        return new MissingKeysExceptionHandler();
    }
}
