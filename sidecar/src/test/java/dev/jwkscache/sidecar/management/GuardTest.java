package dev.jwkscache.sidecar.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.testkit.ScriptedProvider;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardTest {
    private static final String TOKEN = "a-token-of-some-length";

    @SuppressWarnings("NullAway.Init")
    private static ScriptedProvider idp;

    @SuppressWarnings("NullAway.Init")
    private static Running plain;

    @SuppressWarnings("NullAway.Init")
    private static Running reachable;

    @BeforeAll
    static void start() {
        idp = ScriptedProvider.start();
        plain = Running.told().provider("default", idp.jwksUri()).start();
        reachable = Running.told()
                .provider("default", idp.jwksUri())
                .token(TOKEN)
                .reachable()
                .start();
    }

    @AfterAll
    static void stop() {
        plain.close();
        reachable.close();
        idp.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST",
                "localhost:9090",
                "localhost:1",
                "127.0.0.1",
                "127.0.0.1:9090",
                "127.1.2.3:80",
                "[::1]",
                "[::1]:9090"
            })
    void answersToTheNamesOfLoopback(String host) {
        assertThat(raw(plain, "GET /api/status HTTP/1.1", "Host: " + host)).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:9090",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "evil.example@localhost",
                "localhost@evil.example",
                "localhost, evil.example",
                "localhost:80:80",
                "localhost:port",
                "localhost/",
                "127.0.0.1x",
                "10.0.0.1",
                "0.0.0.0",
                "[::]",
                "[::1",
                "2130706433",
                ""
            })
    void refusesEveryOtherHostWhateverIsAskedFor(String host) {
        for (String path : new String[] {"/", "/api/status", "/api/events", "/metrics", "/health/live", "/nothing"}) {
            assertThat(raw(plain, "GET " + path + " HTTP/1.1", "Host: " + host))
                    .startsWith("HTTP/1.1 403")
                    .contains("{\"error\":\"the Host of this request is not this server's")
                    .doesNotContain("evil");
        }
        int before = idp.requestCount();
        assertThat(raw(plain, "POST /api/default/refresh HTTP/1.1", "X-Jwks-Cache: 1", "Host: " + host))
                .startsWith("HTTP/1.1 403");
        assertThat(idp.requestCount()).isEqualTo(before);
    }

    @Test
    void refusesARequestWithoutHostOrWithTwo() {
        assertThat(raw(plain, "GET /api/status HTTP/1.0")).startsWith("HTTP/1.0 403");
        assertThat(raw(plain, "GET /api/status HTTP/1.1", "Host: localhost", "Host: evil.example"))
                .doesNotStartWith("HTTP/1.1 200");
    }

    @Test
    void answersToTheConfiguredHost() {
        try (Running named = Running.told()
                .provider("default", idp.jwksUri())
                .host("127.0.0.2")
                .start()) {
            assertThat(new OwnHosts("Sidecar.Internal").ours(java.util.List.of("sidecar.internal:9090")))
                    .isTrue();
            assertThat(new OwnHosts("::1").ours(java.util.List.of("[::1]"))).isTrue();
            assertThat(new OwnHosts("fd00::1").ours(java.util.List.of("[FD00::1]:9090")))
                    .isTrue();
            assertThat(new OwnHosts("fd00::1").ours(java.util.List.of("[fd00::2]:9090")))
                    .isFalse();
            assertThat(named.port).isPositive();
        }
    }

    @Test
    void looksAtNoHostWhereOthersCanReachIt() {
        assertThat(raw(
                        reachable,
                        "GET /api/status HTTP/1.1",
                        "Host: sidecar.internal",
                        "Authorization: Bearer " + TOKEN))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void refusesAnAbsoluteTargetWhateverItsHost() {
        assertThat(raw(plain, "GET http://evil.example/api/status HTTP/1.1", "Host: localhost"))
                .startsWith("HTTP/1.1 400");
        assertThat(raw(plain, "GET http://localhost/api/status HTTP/1.1", "Host: localhost"))
                .startsWith("HTTP/1.1 400");
        assertThat(raw(plain, "OPTIONS * HTTP/1.1", "Host: localhost")).startsWith("HTTP/1.1 400");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    GET,     /api/status
                    HEAD,    /api/status
                    GET,     /api/events
                    GET,     /metrics
                    GET,     /api/default/refresh
                    POST,    /api/default/refresh
                    POST,    /api/default/purge
                    POST,    /api/nobody/refresh
                    GET,     /nothing
                    OPTIONS, /api/status
                    """)
    void needsTheTokenWhereOthersCanReachIt(String method, String path) {
        int before = idp.requestCount();
        String[] wrong = {
            "", "Bearer", "Bearer ", "Bearer wrong", "Bearer " + TOKEN + "x", "Bearer a-token", "Basic " + TOKEN, TOKEN
        };
        for (String authorization : wrong) {
            String[] fields = authorization.isEmpty()
                    ? new String[] {"X-Jwks-Cache", "1"}
                    : new String[] {"X-Jwks-Cache", "1", "Authorization", authorization};

            HttpResponse<String> response = reachable.send(method, path, fields);

            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"jwks-cache\"");
            assertThat(response.body()).doesNotContain("wrong").doesNotContain(TOKEN);
        }
        assertThat(idp.requestCount()).isEqualTo(before);
    }

    @Test
    void takesTheTokenWithAnyCaseOfItsScheme() {
        for (String scheme : new String[] {"Bearer", "bearer", "BEARER"}) {
            assertThat(reachable
                            .get("/api/status", "Authorization", scheme + " " + TOKEN)
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(reachable.get("/metrics", "Authorization", "Bearer " + TOKEN).statusCode())
                .isEqualTo(200);
        assertThat(reachable
                        .post("/api/default/refresh", "Authorization", "Bearer " + TOKEN)
                        .statusCode())
                .isIn(200, 503);
        assertThat(reachable
                        .post("/api/nobody/refresh", "Authorization", "Bearer " + TOKEN)
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void refusesTwoTokensOfWhichOneIsRight() {
        assertThat(raw(
                        reachable,
                        "GET /api/status HTTP/1.1",
                        "Host: localhost",
                        "Authorization: Bearer " + TOKEN,
                        "Authorization: Bearer other"))
                .startsWith("HTTP/1.1 401");
    }

    @Test
    void tellsHealthWithoutAToken() {
        assertThat(reachable.get("/health/live").statusCode()).isEqualTo(200);
        assertThat(reachable.get("/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void needsATokenThatWasSetOnLoopbackToo() {
        try (Running running =
                Running.told().provider("default", idp.jwksUri()).token(TOKEN).start()) {
            assertThat(running.get("/api/status").statusCode()).isEqualTo(401);
            assertThat(running.get("/api/status", "Authorization", "Bearer " + TOKEN)
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void isNotMadeWithoutATokenWhereOthersCanReachIt() {
        assertThatThrownBy(() -> new Guard(false, "0.0.0.0", null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("management-token-file");
        assertThatThrownBy(() -> new Guard(false, "0.0.0.0", " ")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isNotMadeWithoutATokenForAnAddressThatIsNotLoopback() {
        for (String host : new String[] {"0.0.0.0", "::", "192.0.2.1"}) {
            assertThatThrownBy(() -> Running.told()
                            .provider("default", idp.jwksUri())
                            .host(host)
                            .start())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("management-token-file");
        }
    }

    @Test
    void takesAnotherTokenFromAReloadAndEndsTheStreamsOfTheOldOne() throws IOException, InterruptedException {
        Running.Told told =
                Running.told().provider("default", idp.jwksUri()).token(TOKEN).reachable();
        try (Running running = told.start();
                EventReader reader = new EventReader(running, "Authorization", "Bearer " + TOKEN)) {
            reader.next(event -> event.name().equals("status"));

            running.server.reload(told.token("the-next-one").configuration());

            assertThat(reader.awaitEnd()).isTrue();
            assertThat(running.get("/api/status", "Authorization", "Bearer " + TOKEN)
                            .statusCode())
                    .isEqualTo(401);
            assertThat(running.get("/api/status", "Authorization", "Bearer the-next-one")
                            .statusCode())
                    .isEqualTo(200);
            assertThatThrownBy(() -> running.server.reload(told.token(null).configuration()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(running.get("/api/status").statusCode()).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"refresh", "purge"})
    void doesNothingWithoutTheFieldThatNoForeignPageCanSend(String action) {
        int before = idp.requestCount();
        for (String[] fields : new String[][] {{}, {"X-Jwks-Cache", "0"}, {"X-Jwks-Cache", ""}, {"Origin", "null"}}) {
            HttpResponse<String> response = plain.send("POST", "/api/default/" + action, fields);

            assertThat(response.statusCode()).isEqualTo(403);
            assertThat(response.body()).contains("X-Jwks-Cache: 1");
        }
        assertThat(idp.requestCount()).isEqualTo(before);
    }

    @Test
    void answersNoPreflight() {
        HttpResponse<String> response = plain.send(
                "OPTIONS",
                "/api/default/purge",
                "Origin",
                "http://evil.example",
                "Access-Control-Request-Method",
                "POST",
                "Access-Control-Request-Headers",
                "x-jwks-cache");

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control"));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    POST,   /api/status,          'GET, HEAD'
                    PUT,    /health/live,         'GET, HEAD'
                    DELETE, /metrics,             'GET, HEAD'
                    POST,   /api/events,          'GET, HEAD'
                    GET,    /api/default/refresh, POST
                    HEAD,   /api/default/purge,   POST
                    TRACE,  /api/status,          'GET, HEAD'
                    """)
    void takesNoOtherMethods(String method, String path, String allowed) {
        HttpResponse<String> response = plain.send(method, path, "X-Jwks-Cache", "1");

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).contains(allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api",
                "/api/",
                "/api/status/",
                "/api//refresh",
                "/api/nobody/refresh",
                "/api/default",
                "/api/default/",
                "/api/default/refresh/",
                "/api/default/restart",
                "/api/%64efault/refresh",
                "/api/default%2frefresh",
                "/api/../default/refresh",
                "/api/default/../default/refresh",
                "/API/status",
                "//api/status",
                "/api;x/status",
                "/health",
                "/metrics/",
                "/page",
                "/page/",
                "/page/../page/page.js",
                "/page/%2e%2e/page.js",
                "/page/..%2f..%2f..%2f..%2fetc/passwd",
                "/page/....//etc/passwd",
                "/page/index.html%00.js",
                "/../../../../etc/passwd",
                "/page/lib/",
                "/page/lib/../../index.html",
                "/META-INF/MANIFEST.MF",
                "/page//page.js",
                "/%",
                "/\u00e9"
            })
    void findsNothingWhereNothingIs(String path) {
        for (String method : new String[] {"GET", "POST"}) {
            String answer = raw(plain, method + " " + path + " HTTP/1.1", "Host: localhost", "X-Jwks-Cache: 1");

            assertThat(answer)
                    .containsPattern("^HTTP/1.1 40[04]")
                    .contains("{\"error\":\"")
                    .doesNotContain("passwd");
        }
    }

    @Test
    void ignoresAQuery() {
        assertThat(plain.get("/health/live?a=/../b").statusCode()).isEqualTo(200);
        assertThat(plain.get("/api/status?").statusCode()).isEqualTo(200);
    }

    @Test
    void keepsOtherPagesFromFramingReadingOrGuessing() {
        for (String path : new String[] {"/", "/api/status", "/metrics", "/health/live", "/nothing"}) {
            assertThat(plain.get(path)
                            .headers()
                            .firstValue("Content-Security-Policy")
                            .orElseThrow()
                            .split("; "))
                    .contains(
                            "default-src 'none'",
                            "script-src 'self'",
                            "connect-src 'self'",
                            "frame-ancestors 'none'",
                            "base-uri 'none'",
                            "require-trusted-types-for 'script'");
            assertThat(plain.get(path).headers().map())
                    .containsEntry("x-content-type-options", java.util.List.of("nosniff"))
                    .containsEntry("referrer-policy", java.util.List.of("no-referrer"))
                    .containsEntry("cross-origin-resource-policy", java.util.List.of("same-origin"))
                    .doesNotContainKey("access-control-allow-origin");
        }
        assertThat(plain.get("/api/status").headers().firstValue("Cache-Control"))
                .contains("no-store");
    }

    private static String raw(Running running, String... lines) {
        String[] all = java.util.Arrays.copyOf(lines, lines.length + 1);
        all[lines.length] = "Connection: close";
        return running.raw(all);
    }
}
