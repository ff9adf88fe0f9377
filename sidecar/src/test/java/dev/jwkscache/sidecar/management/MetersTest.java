package dev.jwkscache.sidecar.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.sidecar.providers.Timeline;
import dev.jwkscache.sidecar.serving.RequestCounter;
import dev.jwkscache.testkit.ScriptedProvider;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MetersTest {
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*(?:\\{(?:[a-zA-Z_]+=\"[^\"]*\",?)*})?) (\\S+)");

    @Test
    void areToldAsPrometheusReadsThem() {
        try (ScriptedProvider idp = ScriptedProvider.start();
                Running running =
                        Running.told().provider("default", idp.jwksUri()).start()) {
            awaitRefresh(running);

            HttpResponse<String> response = running.get("/metrics");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type"))
                    .contains("text/plain; version=0.0.4; charset=utf-8");
            Map<String, Double> samples = samples(response.body());
            assertThat(samples)
                    .containsEntry("jwks_cache_state{cache=\"default\",state=\"fresh\"}", 1.0)
                    .containsEntry("jwks_cache_state{cache=\"default\",state=\"expired\"}", 0.0)
                    .containsEntry("jwks_cache_keys{cache=\"default\"}", 1.0)
                    .containsEntry("jwks_cache_fetches_total{cache=\"default\"}", 1.0)
                    .containsEntry("jwks_sidecar_ready", 1.0)
                    .containsKey("process_uptime_seconds")
                    .containsKey("process_cpu_usage")
                    .containsKey("jvm_threads_live_threads");
            assertThat(samples.keySet())
                    .anyMatch(name -> name.startsWith("jvm_memory_used_bytes{"))
                    .anyMatch(name -> name.startsWith("jvm_gc_"))
                    .anyMatch(name -> name.startsWith("jwks_sidecar_build_info{java=\"")
                            && name.contains("version=\"" + Version.TEXT + "\""));
        }
    }

    @Test
    void tellThatTheSidecarIsNotReady() {
        try (ScriptedProvider idp = ScriptedProvider.start();
                Running running =
                        Running.told().provider("default", idp.jwksUri()).start()) {
            running.readiness.stopping();

            assertThat(samples(running.get("/metrics").body())).containsEntry("jwks_sidecar_ready", 0.0);
        }
    }

    @Test
    void countRequestsByProviderResourceAndClassOfStatus() {
        try (Meters meters = new Meters()) {
            RequestCounter requests = meters.requests();
            requests.answered("default", "jwks.json", 200);
            requests.answered("default", "jwks.json", 200);
            requests.answered("default", "jwks.json", 304);
            requests.answered("default", "openid-configuration", 503);
            requests.answered("partner", "keys", 404);
            requests.answered("", "jwks.json", 404);
            requests.answered("", "", 431);

            Map<String, Double> samples = samples(meters.scrape());

            assertThat(samples)
                    .containsEntry(series("default", "jwks.json", "2xx"), 2.0)
                    .containsEntry(series("default", "jwks.json", "3xx"), 1.0)
                    .containsEntry(series("default", "openid-configuration", "5xx"), 1.0)
                    .containsEntry(series("partner", "keys", "4xx"), 1.0)
                    .containsEntry(series("-", "jwks.json", "4xx"), 1.0)
                    .containsEntry(series("-", "-", "4xx"), 1.0);
        }
    }

    @Test
    void haveNoTagThatAClientChose() {
        try (Meters meters = new Meters()) {
            meters.requests().answered("", "x-of-the-client", 404);
            meters.requests().answered("default", "x-of-the-client", 999);

            assertThat(meters.scrape()).doesNotContain("x-of-the-client");
            assertThat(samples(meters.scrape()))
                    .containsEntry(series("-", "-", "4xx"), 1.0)
                    .containsEntry(series("default", "-", "5xx"), 1.0);
        }
    }

    @Test
    void goOnCountingOverAReload() {
        try (ScriptedProvider idp = ScriptedProvider.start();
                Running running =
                        Running.told().provider("default", idp.jwksUri()).start()) {
            awaitRefresh(running);
            running.providers.keep(Running.told()
                    .provider("default", idp.jwksUri(), "time-to-live", "601")
                    .configuration()
                    .providers());
            Running.until(
                    "the new settings count",
                    () -> running.provider("default").status().timeToLive().toSeconds() == 601);

            Map<String, Double> samples = samples(running.get("/metrics").body());

            assertThat(samples.get("jwks_cache_fetches_total{cache=\"default\"}"))
                    .isGreaterThanOrEqualTo(1.0);
            assertThat(running.get("/metrics").body().lines().filter(line -> line.startsWith("jwks_cache_keys{")))
                    .hasSize(1);
        }
    }

    private static void awaitRefresh(Running running) {
        Running.until(
                "it is told",
                () -> running.provider("default").timeline().entries().stream()
                        .anyMatch(Timeline.Refresh.class::isInstance));
    }

    private static String series(String cache, String resource, String status) {
        return "jwks_sidecar_requests_total{cache=\"" + cache + "\",resource=\"" + resource + "\",status=\"" + status
                + "\"}";
    }

    /** Every line that is no comment must be a sample. */
    private static Map<String, Double> samples(String text) {
        Map<String, Double> samples = new TreeMap<>();
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            Matcher matcher = SAMPLE.matcher(line);
            assertThat(matcher.matches()).as(line).isTrue();
            samples.put(matcher.group(1), Double.valueOf(matcher.group(2)));
        });
        return samples;
    }
}
