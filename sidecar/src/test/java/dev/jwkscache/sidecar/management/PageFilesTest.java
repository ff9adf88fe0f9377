package dev.jwkscache.sidecar.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.testkit.ScriptedProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PageFilesTest {
    @Test
    void areAllServedAsWhatTheyAre() throws IOException {
        Map<String, String> types = Map.of(
                "html", "text/html; charset=utf-8",
                "css", "text/css; charset=utf-8",
                "js", "text/javascript; charset=utf-8",
                "svg", "image/svg+xml");
        try (ScriptedProvider idp = ScriptedProvider.start();
                Running running = Running.told()
                        .provider("default", idp.jwksUri())
                        .token("a-token")
                        .reachable()
                        .start()) {
            for (Map.Entry<String, String> file : PageFiles.table().entrySet()) {
                // The page asks for the token, so it cannot need it.
                HttpResponse<String> response = running.get(file.getKey());

                assertThat(response.statusCode()).as(file.getKey()).isEqualTo(200);
                assertThat(response.body()).isEqualTo(text(file.getValue()));
                assertThat(response.headers().firstValue("Content-Type"))
                        .contains(Objects.requireNonNull(types.get(
                                file.getValue().substring(file.getValue().lastIndexOf('.') + 1))));
                assertThat(response.headers().firstValue("Cache-Control")).contains("no-cache");
                String tag = response.headers().firstValue("ETag").orElseThrow();
                assertThat(tag).matches("\"[0-9a-f]{32}\"");

                for (String known : new String[] {tag, "W/" + tag, "\"other\", " + tag, "*"}) {
                    HttpResponse<String> same = running.get(file.getKey(), "If-None-Match", known);
                    assertThat(same.statusCode()).isEqualTo(304);
                    assertThat(same.body()).isEmpty();
                    assertThat(same.headers().firstValue("ETag")).contains(tag);
                }
                assertThat(running.get(file.getKey(), "If-None-Match", "\"other\"")
                                .statusCode())
                        .isEqualTo(200);
                HttpResponse<String> head = running.send("HEAD", file.getKey());
                assertThat(head.statusCode()).isEqualTo(200);
                assertThat(head.headers().firstValueAsLong("Content-Length"))
                        .hasValue(text(file.getValue()).getBytes(StandardCharsets.UTF_8).length);
                assertThat(running.send("POST", file.getKey(), "X-Jwks-Cache", "1")
                                .statusCode())
                        .isEqualTo(405);
            }
        }
    }

    @Test
    void areAllThatTheFolderHas() throws IOException, URISyntaxException {
        URL index = Objects.requireNonNull(
                PageFiles.class.getClassLoader().getResource("dev/jwkscache/sidecar/page/index.html"));
        try (Stream<Path> files =
                Files.list(Objects.requireNonNull(Path.of(index.toURI()).getParent()))) {
            assertThat(PageFiles.table().values())
                    .containsAll(files.map(file -> "dev/jwkscache/sidecar/page/" + file.getFileName())
                            .toList());
        }
    }

    private static String text(String resource) throws IOException {
        try (InputStream in = PageFiles.class.getClassLoader().getResourceAsStream(resource)) {
            assertThat(in).as(resource).isNotNull();
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
