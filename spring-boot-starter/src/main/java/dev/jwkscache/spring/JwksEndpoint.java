package dev.jwkscache.spring;

import dev.jwkscache.JwksCache;
import dev.jwkscache.JwksException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * Shows caches and acts on them. Only to be read unless {@code management.endpoint.jwks.access} says {@code unrestricted}: a
 * purge while the provider is away leaves an application without keys.
 */
@WebEndpoint(id = "jwks", defaultAccess = Access.READ_ONLY)
final class JwksEndpoint {
    private final JwksCacheRegistry registry;

    JwksEndpoint(JwksCacheRegistry registry) {
        this.registry = registry;
    }

    /** What can be done to a cache. */
    enum Action {
        /** Fetch now; the keys at hand stay if that fails. */
        REFRESH,
        /** Trust nothing until a new set is loaded, and load it. */
        PURGE
    }

    /** All caches. */
    @ReadOperation
    Map<String, Object> caches() {
        Map<String, Object> caches = new LinkedHashMap<>();
        registry.permanent().forEach((name, cache) -> caches.put(name, CacheDetails.full(cache.status())));
        return OperationResponseBody.of(Map.of("caches", caches));
    }

    /** One cache; null, and so 404, when there is none of that name. */
    @ReadOperation
    @Nullable
    Map<String, Object> cache(@Selector String name) {
        JwksCache cache = registry.permanent().get(name);
        return cache == null ? null : OperationResponseBody.of(CacheDetails.full(cache.status()));
    }

    /** Answers when it is done: 200, or 503 with what failed, and in both cases how the cache is then. */
    @WriteOperation
    WebEndpointResponse<Map<String, Object>> act(@Selector String name, Action action) {
        JwksCache cache = registry.permanent().get(name);
        if (cache == null) {
            return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
        }
        String failure = action == Action.REFRESH ? refresh(cache) : purge(cache);
        Map<String, Object> answer = CacheDetails.full(cache.status());
        if (failure != null) {
            answer.put("failure", failure);
        }
        return new WebEndpointResponse<>(
                OperationResponseBody.of(answer),
                failure == null ? WebEndpointResponse.STATUS_OK : WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
    }

    private static @Nullable String refresh(JwksCache cache) {
        try {
            cache.refresh().get();
            return null;
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            return String.valueOf(cause == null ? null : cause.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted while waiting for the fetch";
        }
    }

    private static @Nullable String purge(JwksCache cache) {
        cache.purge();
        try {
            // Joins the fetch that the purge has started.
            cache.get();
            return null;
        } catch (JwksException failed) {
            return String.valueOf(failed.getMessage());
        }
    }
}
