package dev.jwkscache.sidecar.management;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * What is answered to a request. Immutable.
 *
 * @param type of the body
 * @param fields beside those that every answer has; a {@code Cache-Control} in here takes the place of {@code no-store}
 */
record Reply(int status, String type, Buffer body, Map<String, String> fields) {
    static final String JSON = "application/json";

    private static final int NOT_MODIFIED = 304;

    /** Nothing but this server's own files runs in the page, and no text becomes markup there. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'; trusted-types 'none'";

    static Reply json(int status, JsonObject body) {
        return new Reply(status, JSON, body.toBuffer(), Map.of());
    }

    /** An error in words: never those of the client, and no key material. */
    static Reply error(int status, String words) {
        return error(status, words, Map.of());
    }

    static Reply error(int status, String words, Map<String, String> fields) {
        return new Reply(status, JSON, new JsonObject().put("error", words).toBuffer(), fields);
    }

    /** Answers, unless that has been done or the client has gone. */
    void send(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        begin(response.setStatusCode(status));
        fields.forEach(response::putHeader);
        if (status == NOT_MODIFIED) {
            response.end();
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, type)
                .putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(body.length()));
        // To a HEAD only its length is sent.
        response.end(body);
    }

    /** The fields that every answer has: no other page may frame or read it. */
    static void begin(HttpServerResponse response) {
        response.putHeader("Cache-Control", "no-store")
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("X-Content-Type-Options", "nosniff");
    }
}
