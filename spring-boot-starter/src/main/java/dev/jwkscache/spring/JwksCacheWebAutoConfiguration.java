package dev.jwkscache.spring;

import jakarta.servlet.DispatcherType;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.security.authentication.AuthenticationServiceException;

/** Auto-configuration of the answer 503 in servlet applications, whatever their security filter chains are. */
@AutoConfiguration(after = JwksCacheAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "jwks-cache.enabled", matchIfMissing = true)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({AuthenticationServiceException.class, SecurityFilterProperties.class})
public final class JwksCacheWebAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "missingKeysFilter")
    FilterRegistrationBean<MissingKeysFilter> missingKeysFilter(ObjectProvider<SecurityFilterProperties> security) {
        FilterRegistrationBean<MissingKeysFilter> registration = new FilterRegistrationBean<>(new MissingKeysFilter());
        int order = security.stream()
                .mapToInt(SecurityFilterProperties::getOrder)
                .findFirst()
                .orElse(SecurityFilterProperties.DEFAULT_FILTER_ORDER);
        // Around the filters of Spring Security, and inside of all that stands around them.
        registration.setOrder(order - 1);
        registration.setDispatcherTypes(DispatcherType.REQUEST);
        return registration;
    }
}
