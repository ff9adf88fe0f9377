package dev.jwkscache.sidecar.management;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files of the status page. Only what is named in here is served, by exact path. Immutable.
 *
 * <p>A browser keeps them and asks each time whether they are still the same: their addresses do not change with the version.
 */
final class PageFiles {
    private static final String PAGE = "dev/jwkscache/sidecar/page/";
    private static final String UPLOT = "META-INF/resources/webjars/uplot/1.6.30/dist/";

    private static final List<String> OWN = List.of(
            "actions.js",
            "happenings.js",
            "icon.svg",
            "keys.js",
            "page.css",
            "page.js",
            "provider.js",
            "stream.js",
            "text.js",
            "timeline.js");

    /** By path below {@code /page/lib/}. */
    private static final Map<String, String> LIBRARIES =
            Map.of("uplot/uPlot.esm.js", UPLOT + "uPlot.esm.js", "uplot/uPlot.min.css", UPLOT + "uPlot.min.css");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private static final int TAG_BYTES = 16;

    private PageFiles() {}

    /** All of them by path, with where the class path has them. */
    static Map<String, String> table() {
        Map<String, String> table = new LinkedHashMap<>();
        table.put("/", PAGE + "index.html");
        OWN.forEach(name -> table.put("/page/" + name, PAGE + name));
        LIBRARIES.forEach((path, resource) -> table.put("/page/lib/" + path, resource));
        return table;
    }

    /** What serves them, by path. One that the class path lacks is not served. */
    static Map<String, Route> routes(Map<String, String> table) {
        Map<String, Route> routes = new LinkedHashMap<>();
        table.forEach((path, resource) -> {
            byte[] body = read(resource);
            if (body != null) {
                File file = new File(type(resource), Buffer.buffer(body), tag(body));
                routes.put(path, Route.open(file::answer));
            }
        });
        return routes;
    }

    /**
     * One of them.
     *
     * @param tag its strong entity tag (RFC 9110 §8.8.3), quoted
     */
    private record File(String type, Buffer body, String tag) {
        void answer(HttpServerRequest request) {
            Map<String, String> fields = Map.of("Cache-Control", "no-cache", "ETag", tag);
            String known = request.getHeader(HttpHeaders.IF_NONE_MATCH);
            // A quoted digest is in no other tag; weak ones count too (RFC 9110 §13.1.2).
            boolean same =
                    known != null && (known.contains(tag) || known.strip().equals("*"));
            new Reply(same ? 304 : 200, type, body, fields).send(request);
        }
    }

    private static byte @Nullable [] read(String resource) {
        try (InputStream in = PageFiles.class.getClassLoader().getResourceAsStream(resource)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the class path has " + resource + ", but it cannot be read", e);
        }
    }

    private static String type(String resource) {
        String type = TYPES.get(resource.substring(resource.lastIndexOf('.') + 1));
        if (type == null) {
            throw new IllegalStateException("add the type of " + resource + " to those that are known");
        }
        return type;
    }

    private static String tag(byte[] body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
            return '"' + HexFormat.of().formatHex(digest, 0, TAG_BYTES) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
