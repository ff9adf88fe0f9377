package dev.jwkscache.sidecar.management;

import dev.jwkscache.sidecar.configuration.Configuration;
import dev.jwkscache.sidecar.configuration.Configuration.Listen;
import dev.jwkscache.sidecar.providers.Providers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * The server that people and machines ask how things are: health, metrics, status, events, the page. It has an event loop of
 * its own. Thread-safe.
 */
public final class ManagementServer {
    private final Vertx vertx;
    private final Guard guard;
    private final Situation situation;
    private final Listener listener;
    private volatile String deployment = "";

    private ManagementServer(Vertx vertx, Guard guard, Situation situation, Listener listener) {
        this.vertx = vertx;
        this.guard = guard;
        this.situation = situation;
        this.listener = listener;
    }

    /**
     * Makes a server that does not listen yet. Looks the configured host up, and blocks for that.
     *
     * @param vertx stays the caller's to close, after {@link #close()}
     * @param meters what {@code /metrics} tells
     * @param readiness what ends readiness before anything else does
     * @throws IllegalArgumentException if there is no such host, or others can reach it and there is no management token
     */
    public static ManagementServer create(
            Vertx vertx, Configuration configuration, Providers providers, Meters meters, Readiness readiness) {
        return create(
                vertx,
                configuration,
                providers,
                meters,
                readiness,
                EventStreams.Pace.USUAL,
                InetAddress::isLoopbackAddress);
    }

    /** Says whether an address is one that only this machine can reach. */
    interface Local {
        boolean is(InetAddress address);
    }

    static ManagementServer create(
            Vertx vertx,
            Configuration configuration,
            Providers providers,
            Meters meters,
            Readiness readiness,
            EventStreams.Pace pace,
            Local local) {
        Listen listen = configuration.management();
        List<InetAddress> addresses = addresses(listen.host());
        boolean loopback = addresses.stream().allMatch(local::is);
        Guard guard = new Guard(loopback, listen.host(), configuration.managementToken());
        Situation situation = new Situation(providers, readiness, configuration.readyMargin());
        meters.ready(situation::isReady);
        // Listens at what was looked up and judged, not at what the name means a moment later.
        InetSocketAddress address = new InetSocketAddress(addresses.get(0), listen.port());
        return new ManagementServer(
                vertx,
                guard,
                situation,
                new Listener(address, configuration.limits(), guard, providers, meters, situation, pace));
    }

    /** Adds to the page. Who has it open already sees that when it is next told everything. */
    public void add(PageSection section) {
        listener.add(section);
        situation.add(section.module());
    }

    /** Starts to listen; completes with the port, and fails if that is taken. */
    public Future<Integer> listen() {
        return vertx.deployVerticle(listener).map(id -> {
            deployment = id;
            return listener.port();
        });
    }

    /**
     * Takes over what may change without a restart: the token and the margin of readiness. With another token all event
     * streams end, so that who has it comes again.
     *
     * @throws IllegalArgumentException if others can reach the server and there is no token; then nothing has changed
     */
    public void reload(Configuration configuration) {
        boolean other = guard.token(configuration.managementToken());
        situation.margin(configuration.readyMargin());
        if (other) {
            listener.endStreams();
        }
    }

    /** Ends the event streams, lets requests under way end for at most a second, and stops to listen. */
    public Future<Void> close() {
        return vertx.undeploy(deployment);
    }

    private static List<InetAddress> addresses(String host) {
        try {
            return Arrays.asList(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("management-host " + host + " is no host that can be found", e);
        }
    }
}
