package dev.jwkscache.sidecar.serving;

import dev.jwkscache.JwksException;
import dev.jwkscache.KeysExpiredException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The answers that there are, but for who may read them. Pure but for the date. */
final class Answers {
    private static final int ONE_SECOND_IN_MILLIS = 1000;

    private Answers() {}

    /** 200 with a document. */
    static Answer document(Document document, boolean compressed, Freshness freshness) {
        Document.Variant variant = document.variant(compressed);
        Answer.Builder answer = described(Answer.of(200), variant, freshness)
                .field("Content-Type", document.type())
                .field("X-Content-Type-Options", "nosniff");
        if (compressed) {
            answer.field("Content-Encoding", "gzip");
        }
        return answer.body(variant.body());
    }

    /** 304 for who has the document already (RFC 9110 §15.4.5). */
    static Answer notModified(Document document, boolean compressed, Freshness freshness) {
        return described(Answer.of(304), document.variant(compressed), freshness)
                .withoutBody();
    }

    private static Answer.Builder described(Answer.Builder answer, Document.Variant variant, Freshness freshness) {
        return answer.field("ETag", variant.tag())
                .field("Cache-Control", freshness.cacheControl())
                .field("Age", String.valueOf(freshness.age()))
                .field("Vary", "Accept-Encoding");
    }

    /** 503 with when to come again (RFC 9110 §10.2.3), in place of keys that may not be served. */
    static Answer unavailable(@Nullable Throwable reason) {
        if (reason instanceof JwksException refusal) {
            Duration retryAfter = refusal.retryAfter().orElse(Duration.ZERO);
            String error = refusal instanceof KeysExpiredException ? "keys expired" : "keys unavailable";
            return comeAgain(
                    error,
                    refusal.getMessage(),
                    retryAfter.plusMillis(ONE_SECOND_IN_MILLIS - 1L).toSeconds());
        }
        return comeAgain("keys unavailable", null, 1);
    }

    /** 503 for something that a fetch will bring. */
    static Answer notYet(String error) {
        return comeAgain(error, null, 1);
    }

    private static Answer comeAgain(String error, @Nullable String detail, long seconds) {
        return failed(Answer.of(503).field("Retry-After", String.valueOf(Math.max(1, seconds))), error, detail);
    }

    /** Anything else that is no good news. */
    static Answer refused(int status, String error) {
        return failed(Answer.of(status), error, null);
    }

    /** 405 (RFC 9110 §15.5.6). */
    static Answer methodNotAllowed() {
        return failed(Answer.of(405).field("Allow", "GET, HEAD"), "there are only GET and HEAD", null);
    }

    /** What a browser wants to know before it lets a page read keys. */
    static Answer preflight() {
        return Answer.of(204)
                .field("Access-Control-Allow-Methods", "GET, HEAD")
                .field("Access-Control-Allow-Headers", "Cache-Control, If-None-Match")
                .field("Access-Control-Max-Age", "600")
                .withoutBody();
    }

    private static Answer failed(Answer.Builder answer, String error, @Nullable String detail) {
        JsonObject body = new JsonObject().put("error", error);
        if (detail != null) {
            body.put("detail", detail);
        }
        return answer.field("Content-Type", "application/json")
                .field("Cache-Control", "no-store")
                .field("X-Content-Type-Options", "nosniff")
                .body(body.toBuffer().getBytes());
    }
}
