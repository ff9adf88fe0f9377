package dev.jwkscache.sidecar.management;

import dev.jwkscache.JwksException;
import dev.jwkscache.sidecar.providers.Provider;
import dev.jwkscache.sidecar.providers.Providers;
import dev.jwkscache.sidecar.providers.Timeline;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Does to a provider what people ask for, and tells how it then is. Never blocks. */
final class Actions {
    private final Context context;
    private final Providers providers;

    /**
     * Answers in that context.
     *
     * @param context of the server
     */
    Actions(Context context, Providers providers) {
        this.context = context;
        this.providers = providers;
    }

    /** Fetches now. */
    void refresh(Provider provider, HttpServerRequest request) {
        Aftermath aftermath = new Aftermath(providers, provider, Timeline.Refresh.class);
        CompletableFuture<Void> done = provider.cache().refresh().thenCompose(keys -> aftermath.told());
        answer(done, aftermath, provider, request);
    }

    /** Trusts nothing until a new set is loaded. */
    void purge(Provider provider, HttpServerRequest request) {
        Aftermath aftermath = new Aftermath(providers, provider, Timeline.Purge.class);
        provider.cache().purge();
        answer(aftermath.told(), aftermath, provider, request);
    }

    private void answer(
            CompletableFuture<Void> done, Aftermath aftermath, Provider provider, HttpServerRequest request) {
        done.whenComplete((nothing, thrown) -> {
            aftermath.close();
            context.runOnContext(
                    here -> (thrown == null ? Reply.json(200, StatusJson.of(provider)) : failed(thrown)).send(request));
        });
    }

    private static Reply failed(Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        Duration later = Duration.ZERO;
        @Nullable String words = null;
        if (cause instanceof JwksException ours) {
            later = ours.retryAfter().orElse(Duration.ZERO);
            words = ours.getMessage();
        }
        long seconds = Math.max(1, later.plusMillis(999).toSeconds());
        return Reply.error(
                503,
                words == null ? "the refresh ended unforeseen" : words,
                Map.of("Retry-After", String.valueOf(seconds)));
    }
}
