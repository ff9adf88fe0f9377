package dev.jwkscache.sidecar.serving;

import dev.jwkscache.JwksException;
import dev.jwkscache.KeysExpiredException;
import dev.jwkscache.sidecar.serving.Front.Stamp;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes answers. Knows nothing of providers. */
final class Reply {
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence VARIES = HttpHeaders.createOptimized("Accept-Encoding");
    private static final CharSequence VARIES_BY_ORIGIN = HttpHeaders.createOptimized("Accept-Encoding, Origin");
    private static final CharSequence GZIP = HttpHeaders.createOptimized("gzip");
    private static final CharSequence METHODS = HttpHeaders.createOptimized("GET, HEAD");
    private static final CharSequence EXPOSED = HttpHeaders.createOptimized("ETag, Age");
    private static final CharSequence NOSNIFF_NAME = HttpHeaders.createOptimized("X-Content-Type-Options");
    private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence AGE = HttpHeaders.createOptimized("age");

    private final Set<String> origins;

    /**
     * Makes answers that pages of these origins may read.
     *
     * @param origins {@code *} for all
     */
    Reply(Set<String> origins) {
        this.origins = origins;
    }

    /** 200 with a document, or 304 for who has it. */
    int document(HttpServerRequest request, Document document, Stamp stamp) {
        HttpServerResponse response = begun(request);
        String known = request.getHeader(HttpHeaders.IF_NONE_MATCH);
        boolean compressed = Encodings.allowGzip(request.getHeader(HttpHeaders.ACCEPT_ENCODING));
        Document.Variant variant = document.variant(compressed);
        response.putHeader(HttpHeaders.ETAG, variant.tag())
                .putHeader(HttpHeaders.CACHE_CONTROL, stamp.cacheControl())
                .putHeader(AGE, stamp.age())
                .putHeader(HttpHeaders.VARY, origins.isEmpty() ? VARIES : VARIES_BY_ORIGIN);
        if (known != null && document.isOneOf(known)) {
            response.setStatusCode(304).end();
            return 304;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, document.type())
                .putHeader(HttpHeaders.CONTENT_LENGTH, variant.length())
                .putHeader(NOSNIFF_NAME, NOSNIFF);
        if (compressed) {
            response.putHeader(HttpHeaders.CONTENT_ENCODING, GZIP);
        }
        end(request, response, variant.body());
        return 200;
    }

    /** 503 with when to come again (RFC 9110 §10.2.3). */
    int unavailable(HttpServerRequest request, @Nullable Throwable reason) {
        Duration retryAfter =
                reason instanceof JwksException refusal ? refusal.retryAfter().orElse(Duration.ZERO) : Duration.ZERO;
        long seconds = Math.max(1, retryAfter.plusMillis(999).toSeconds());
        String error = reason instanceof KeysExpiredException ? "keys expired" : "keys unavailable";
        return failed(request, 503, error, reason instanceof JwksException ? reason.getMessage() : null, seconds);
    }

    /** 503 for something that a fetch will bring. */
    int notYet(HttpServerRequest request, String error) {
        return failed(request, 503, error, null, 1);
    }

    /** Anything else that is no good news. */
    int refused(HttpServerRequest request, int status, String error) {
        return failed(request, status, error, null, 0);
    }

    /** 405 (RFC 9110 §15.5.6); what the request brings along is not read. */
    int methodNotAllowed(HttpServerRequest request) {
        request.response().putHeader(HttpHeaders.ALLOW, METHODS).putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        return failed(request, 405, "there are only GET and HEAD", null, 0);
    }

    /** The answer to what a browser asks before it lets a page read keys (Fetch, §4.8 CORS-preflight fetch). */
    int preflight(HttpServerRequest request) {
        HttpServerResponse response = begun(request);
        response.putHeader("Access-Control-Allow-Methods", METHODS)
                .putHeader("Access-Control-Allow-Headers", "Cache-Control, If-None-Match")
                .putHeader("Access-Control-Max-Age", "600")
                .setStatusCode(204)
                .end();
        return 204;
    }

    boolean sharesWithOrigins() {
        return !origins.isEmpty();
    }

    private HttpServerResponse begun(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (!origins.isEmpty()) {
            String origin = request.getHeader(HttpHeaders.ORIGIN);
            if (origins.contains("*")) {
                response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
                response.putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
            } else if (origin != null && origins.contains(origin)) {
                response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
                response.putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
            }
        }
        return response;
    }

    private int failed(
            HttpServerRequest request, int status, String error, @Nullable String detail, long retryAfterSeconds) {
        JsonObject body = new JsonObject().put("error", error);
        if (detail != null) {
            body.put("detail", detail);
        }
        Buffer bytes = body.toBuffer();
        HttpServerResponse response = begun(request)
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                .putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE)
                .putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(bytes.length()))
                .putHeader(NOSNIFF_NAME, NOSNIFF);
        if (retryAfterSeconds > 0) {
            response.putHeader(HttpHeaders.RETRY_AFTER, String.valueOf(retryAfterSeconds));
        }
        end(request, response, bytes);
        return status;
    }

    private static void end(HttpServerRequest request, HttpServerResponse response, Buffer body) {
        if (request.method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            response.end(body);
        }
    }
}
