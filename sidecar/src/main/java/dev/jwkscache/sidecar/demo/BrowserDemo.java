package dev.jwkscache.sidecar.demo;

import dev.jwkscache.sidecar.configuration.Configuration;
import dev.jwkscache.sidecar.configuration.Configuration.Limits;
import dev.jwkscache.sidecar.configuration.Configuration.Listen;
import dev.jwkscache.sidecar.configuration.Configuration.Store;
import dev.jwkscache.sidecar.configuration.ProviderConfiguration;
import dev.jwkscache.sidecar.management.PageSection;
import dev.jwkscache.sidecar.process.Sidecar;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The demonstration in the browser: a provider in the hand of visitors, a real sidecar that keeps its keys, services whose
 * callers verify tokens with what the sidecar serves, and a status page with buttons for all that.
 */
public final class BrowserDemo implements AutoCloseable {
    static final String NAME = "idp";

    private static final String LOOPBACK = "127.0.0.1";
    private static final int USUAL_PORT = 8090;
    private static final int USUAL_MANAGEMENT_PORT = 9090;
    private static final long TICK_MILLIS = 200;
    private static final String RESOURCES = "dev/jwkscache/sidecar/demo/";
    private static final String PATH = "/demo/";
    private static final String MODULE = "demo.js";
    private static final String STYLE = "demo.css";

    private final DemoProvider provider;
    private final Sidecar sidecar;
    private final Services services;
    private final Score score = new Score();
    private final Demonstration demonstration;
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "jwks-cache-demo-clock");
        thread.setDaemon(true);
        return thread;
    });

    private BrowserDemo(boolean usualPorts) throws IOException {
        Supplier<Moment> clock = Moment.clock(System::nanoTime, InstantSource.system());
        Judge judge = new Judge(clock, DemoSpans.MAX_STALENESS, DemoSpans.CALLERS_MAX_STALENESS, DemoSpans.SETTLING);
        provider = new DemoProvider(DemoProvider.onLoopback(), clock, judge);
        try {
            sidecar = sidecar(provider.scripted().jwksUri(), judge, usualPorts);
        } catch (IOException | RuntimeException failed) {
            provider.close();
            throw failed;
        }
        services = new Services(provider, judge, score, clock, keySet());
        demonstration = new Demonstration(provider, services, score, clock);
        sidecar.add(section(demonstration));
    }

    /**
     * Starts it all, and returns when callers verify.
     *
     * @param usualPorts whether the ports are 8090 and 9090 where both are free; else, and where one is not, any free ones
     * @throws IOException if no port can be listened on
     * @throws InterruptedException if the thread is, before all has started
     */
    public static BrowserDemo start(boolean usualPorts) throws IOException, InterruptedException {
        BrowserDemo demo = new BrowserDemo(usualPorts);
        boolean started = false;
        try {
            demo.services.start();
            demo.ticks.scheduleWithFixedDelay(
                    demo.demonstration::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
            started = true;
            return demo;
        } finally {
            if (!started) {
                demo.close();
            }
        }
    }

    private static Sidecar sidecar(URI keys, Judge judge, boolean usualPorts) throws IOException {
        if (usualPorts) {
            try {
                return Sidecar.start(configuration(keys, USUAL_PORT, USUAL_MANAGEMENT_PORT), List.of(judge));
            } catch (IOException taken) {
                // Somebody else's; any others do as well.
            }
        }
        return Sidecar.start(configuration(keys, 0, 0), List.of(judge));
    }

    private static Configuration configuration(URI keys, int port, int managementPort) {
        Map<String, String> settings = Map.of(
                "time-to-live", seconds(DemoSpans.TIME_TO_LIVE),
                "refresh-interval", seconds(DemoSpans.REFRESH_INTERVAL),
                "fetch-timeout", seconds(DemoSpans.FETCH_TIMEOUT),
                "max-staleness", seconds(DemoSpans.MAX_STALENESS),
                "miss-cooldown", seconds(DemoSpans.MISS_COOLDOWN),
                "miss-wait", seconds(DemoSpans.MISS_WAIT));
        return new Configuration(
                List.of(new ProviderConfiguration(NAME, keys, ProviderConfiguration.Kind.JWKS_URI, settings)),
                new Listen(LOOPBACK, port),
                new Listen(LOOPBACK, managementPort),
                null,
                new Limits(1000, Duration.ofSeconds(60), Duration.ofSeconds(10), 8192),
                new Store.None(),
                null,
                Set.of(),
                Duration.ofSeconds(20),
                Duration.ofSeconds(1),
                Duration.ofMillis(250),
                null);
    }

    private static String seconds(Duration span) {
        return String.valueOf(span.toSeconds());
    }

    private static PageSection section(Demonstration demonstration) {
        Map<String, Supplier<JsonObject>> actions = new LinkedHashMap<>();
        for (Button button : Button.values()) {
            actions.put(PATH + button.path(), () -> demonstration.press(button));
        }
        return new PageSection(
                PATH.substring(1) + MODULE,
                Map.of(PATH + MODULE, RESOURCES + MODULE, PATH + STYLE, RESOURCES + STYLE),
                Map.of(PATH + "setting", Demonstration::setting, PATH + "state", demonstration::state),
                actions);
    }

    /** Where the page is. */
    public URI page() {
        return URI.create(sidecar.managementAddress() + "/");
    }

    /** Where the sidecar serves the keys. */
    public URI keySet() {
        return URI.create(sidecar.address() + "/" + NAME + "/jwks.json");
    }

    /** Whether nothing has happened so far that must not. */
    public boolean isClean() {
        return score.isClean();
    }

    /** What came of it so far, in a line. */
    public String summary() {
        Tally.Counts counts = score.counts();
        return String.format(
                Locale.ROOT,
                "%,d tokens verified; %,d good ones refused while their keys could be trusted, %,d forged ones accepted,"
                        + " %,d of withdrawn keys accepted after the bound",
                counts.verified(),
                counts.goodRefused(),
                counts.forgedAccepted(),
                counts.withdrawnAccepted());
    }

    /** Ends everything, callers first. */
    @Override
    public void close() {
        ticks.shutdownNow();
        services.close();
        sidecar.close();
        provider.close();
    }
}
