package dev.jwkscache.sidecar.process;

import dev.jwkscache.JwksCacheListener;
import dev.jwkscache.sidecar.configuration.Configuration;
import dev.jwkscache.sidecar.configuration.Configuration.Listen;
import dev.jwkscache.sidecar.history.HistoryRecord;
import dev.jwkscache.sidecar.management.ManagementServer;
import dev.jwkscache.sidecar.management.Meters;
import dev.jwkscache.sidecar.management.PageSection;
import dev.jwkscache.sidecar.management.Readiness;
import dev.jwkscache.sidecar.providers.Providers;
import dev.jwkscache.sidecar.serving.KeyServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One sidecar: keeps the keys of its providers, and answers on two ports. Several may run in a process. Thread-safe.
 */
public final class Sidecar implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<JwksCacheListener> audience;
    private final Vertx vertx;
    private final Meters meters;
    private final @Nullable HistoryRecord history;
    private final Providers providers;
    private final KeyServer keyServer;
    private final ManagementServer management;
    private final Readiness readiness = new Readiness();
    private final int port;
    private final int managementPort;

    private volatile Configuration configuration;
    private boolean closed;

    private Sidecar(Configuration configuration, List<JwksCacheListener> audience) throws IOException {
        this.configuration = configuration;
        this.audience = List.copyOf(audience);
        vertx = vertx();
        meters = new Meters();
        history = configuration.history() == null ? null : HistoryRecord.open(configuration.history());
        providers = Providers.open(configuration, this::listeners);
        keyServer = new KeyServer(configuration, providers, meters.requests());
        management = ManagementServer.create(vertx, configuration, providers, meters, readiness);
        try {
            port = listening("", configuration.keys(), keyServer::listen);
            managementPort = listening("management-", configuration.management(), () -> await(management.listen()));
        } catch (IOException taken) {
            stop(Duration.ZERO);
            throw taken;
        }
    }

    /**
     * Starts one, and returns when both of its servers listen. Keys are loaded in the background.
     *
     * @throws IOException if an address cannot be listened on; the message names it
     * @throws IllegalArgumentException if a store or a host cannot be used; the message says what to do
     */
    public static Sidecar start(Configuration configuration) throws IOException {
        return new Sidecar(configuration, List.of());
    }

    /**
     * Does what {@link #start(Configuration)} does.
     *
     * @param audience is told what happens to each provider
     * @throws IOException likewise
     */
    public static Sidecar start(Configuration configuration, List<JwksCacheListener> audience) throws IOException {
        return new Sidecar(configuration, audience);
    }

    /** Something that begins to listen. */
    private interface Listening {
        int port() throws IOException;
    }

    private static int listening(String prefix, Listen where, Listening server) throws IOException {
        try {
            return server.port();
        } catch (IOException refused) {
            throw new IOException(
                    "cannot listen on " + where.authority(where.port()) + " (" + refused.getMessage()
                            + "); end what listens there, or set " + prefix + "port or " + prefix + "host",
                    refused);
        }
    }

    private static Vertx vertx() {
        return Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setPreferNativeTransport(false)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    }

    private List<JwksCacheListener> listeners(String provider) {
        List<JwksCacheListener> all = new ArrayList<>(meters.listeners(provider));
        all.addAll(audience);
        if (history != null) {
            all.add(history.listenerFor(provider));
        }
        return all;
    }

    /** Where clients ask for keys. */
    public String address() {
        return "http://" + configuration.keys().authority(port);
    }

    /** Where people and machines ask how things are. */
    public String managementAddress() {
        return "http://" + configuration.management().authority(managementPort);
    }

    /** Adds to the status page. */
    public void add(PageSection section) {
        management.add(section);
    }

    /** The providers whose keys are kept. */
    public Providers providers() {
        return providers;
    }

    /**
     * Takes another configuration over, without losing a key; see {@link Providers#keep}.
     *
     * @return whether it says something that only takes effect after a restart
     */
    public synchronized boolean reload(Configuration next) {
        if (closed) {
            return false;
        }
        Configuration before = configuration;
        management.reload(next);
        providers.keep(next.providers());
        configuration = next;
        return before.needsRestartFor(next);
    }

    /** Stops: readiness ends, requests under way get their answer within the drain time, then everything ends. */
    @Override
    public void close() {
        stop(configuration.drainTime());
    }

    private synchronized void stop(Duration drain) {
        if (closed) {
            return;
        }
        closed = true;
        readiness.stopping();
        keyServer.close(drain);
        quietly(management.close());
        providers.close();
        if (history != null) {
            history.close();
        }
        meters.close();
        quietly(vertx.close());
    }

    private static void quietly(Future<Void> end) {
        try {
            await(end);
        } catch (IOException failed) {
            // It is the end in any case.
        }
    }

    private static <T> T await(Future<T> future) throws IOException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("it takes longer than " + PATIENCE.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
