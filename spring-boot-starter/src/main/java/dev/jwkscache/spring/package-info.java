/** Resource servers of Spring Boot on jwks-cache: auto-configurations, their properties and what can be replaced in them. */
@NullMarked
package dev.jwkscache.spring;

import org.jspecify.annotations.NullMarked;
