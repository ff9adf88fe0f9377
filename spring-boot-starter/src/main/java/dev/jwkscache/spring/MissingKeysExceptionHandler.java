package dev.jwkscache.spring;

import java.util.OptionalLong;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;

/**
 * Answers 503 with {@code Retry-After} where the filters of Spring Security gave up for want of keys. What is wrong the cache
 * has logged once; nothing is logged here for each request.
 */
final class MissingKeysExceptionHandler implements WebExceptionHandler, Ordered {
    /** Just before Spring Boot's own, which logs each failure and shows a page. */
    static final int ORDER = -2;

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        OptionalLong seconds = MissingKeys.retryAfterSeconds(failure);
        ServerHttpResponse response = exchange.getResponse();
        if (seconds.isEmpty() || !response.setStatusCode(HttpStatus.SERVICE_UNAVAILABLE)) {
            return Mono.error(failure);
        }
        response.getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(seconds.getAsLong()));
        return response.setComplete();
    }

    @Override
    public int getOrder() {
        return ORDER;
    }
}
