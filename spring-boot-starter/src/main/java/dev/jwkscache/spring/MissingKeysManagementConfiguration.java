package dev.jwkscache.spring;

import jakarta.servlet.DispatcherType;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.security.authentication.AuthenticationServiceException;

/**
 * The answer 503 of Actuator on a port of its own: that server has the security of the application, but none of its other
 * filters. A reactive one has the exception handlers too.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "jwks-cache.enabled", matchIfMissing = true)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({AuthenticationServiceException.class, SecurityFilterProperties.class})
class MissingKeysManagementConfiguration {

    @Bean
    FilterRegistrationBean<MissingKeysFilter> missingKeysManagementFilter() {
        FilterRegistrationBean<MissingKeysFilter> registration = new FilterRegistrationBean<>(new MissingKeysFilter());
        // There Spring Security comes last; what measures requests stands around this filter, and is to see the 503.
        registration.setOrder(SecurityFilterProperties.DEFAULT_FILTER_ORDER - 1);
        registration.setDispatcherTypes(DispatcherType.REQUEST);
        return registration;
    }
}
