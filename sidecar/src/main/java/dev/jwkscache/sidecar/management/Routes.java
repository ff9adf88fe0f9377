package dev.jwkscache.sidecar.management;

import dev.jwkscache.sidecar.providers.Provider;
import dev.jwkscache.sidecar.providers.Providers;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything that may be asked for: fixed paths, and {@code /api/{name}/{action}} for the providers that there are. A path is
 * compared as it was sent, undecoded: names need no encoding, and what is written otherwise is somebody's trick.
 */
final class Routes {
    private static final String API = "/api/";

    private final Map<String, Route> fixed;
    private final Map<String, BiConsumer<Provider, HttpServerRequest>> actions;
    private final Providers providers;

    Routes(
            Map<String, Route> fixed,
            Map<String, BiConsumer<Provider, HttpServerRequest>> actions,
            Providers providers) {
        this.fixed = Map.copyOf(fixed);
        this.actions = Map.copyOf(actions);
        this.providers = providers;
    }

    /** What is at that path; null if nothing is. */
    @Nullable
    Route at(String path) {
        Route route = fixed.get(path);
        int end = path.lastIndexOf('/');
        if (route != null || end < API.length() || !path.startsWith(API)) {
            return route;
        }
        BiConsumer<Provider, HttpServerRequest> action = actions.get(path.substring(end + 1));
        Provider provider = providers.named(path.substring(API.length(), end));
        return action == null || provider == null ? null : Route.action(request -> action.accept(provider, request));
    }
}
