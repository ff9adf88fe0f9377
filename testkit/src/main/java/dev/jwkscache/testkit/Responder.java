package dev.jwkscache.testkit;

import dev.jwkscache.testkit.Documents.Content;
import dev.jwkscache.testkit.KeyRing.Document;
import dev.jwkscache.testkit.Plan.Validator;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Decides what a request gets: finds the behaviour, writes the document, answers conditional requests, keeps the
 * record.
 */
final class Responder {
    static final String JWKS_PATH = "/jwks.json";
    static final String MOVED_PATH = "/moved.json";
    static final String LOOP_PATH = "/loop.json";
    static final String DISCOVERY_PATH = "/.well-known/openid-configuration";

    private final Clock clock;
    private final KeyRing ring;
    private final Documents documents;
    private final Discovery discovery;
    private final Script script;
    private final Script discoveryScript;
    private final RequestLog log;

    Responder(Clock clock, KeyRing ring, Discovery discovery, Script script, Script discoveryScript, RequestLog log) {
        this.clock = clock;
        this.ring = ring;
        this.documents = new Documents(ring);
        this.discovery = discovery;
        this.script = script;
        this.discoveryScript = discoveryScript;
        this.log = log;
    }

    Answer respond(String method, String path, Map<String, List<String>> requestHeaders) {
        Behaviour behaviour = behaviour(method, path);
        Document document = path.equals(DISCOVERY_PATH) ? discovery.document() : ring.document();
        // The answer is fixed before anybody learns of the request: a test that changes keys when it sees the request
        // arrive knows which keys the answer has.
        Answer answer = answer(behaviour.plan(), document, requestHeaders);
        log.record(method, path, requestHeaders, behaviour);
        return answer;
    }

    private Behaviour behaviour(String method, String path) {
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return Behaviour.status(405).header("Allow", "GET, HEAD");
        }
        return switch (path) {
            case JWKS_PATH -> script.next();
            case DISCOVERY_PATH -> discoveryScript.next();
            case MOVED_PATH -> Behaviour.healthy();
            case LOOP_PATH -> Behaviour.redirectLoop();
            default -> Behaviour.status(404);
        };
    }

    private Answer answer(Plan plan, Document document, Map<String, List<String>> requestHeaders) {
        Payload payload = documents.write(plan.body().content(), plan.body().size(), document.text());
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Date", List.of(HttpDate.write(clock.instant())));
        addContentHeaders(plan.body(), headers);
        addValidators(plan, payload, document.since(), headers);
        plan.headers().forEach((name, value) -> headers.put(name, List.of(value)));
        boolean notModified = plan.validator() != Validator.NONE && notModified(requestHeaders, headers);
        if (notModified) {
            headers.keySet().removeIf(name -> name.regionMatches(true, 0, "Content-", 0, "Content-".length()));
        }
        return new Answer(
                notModified ? 304 : plan.status(),
                headers,
                notModified ? Payload.EMPTY : plan.body().gzip() ? payload.gzipped() : payload,
                plan.body().chunked(),
                plan.delay(),
                plan.delivery());
    }

    private static void addContentHeaders(Plan.Body body, Map<String, List<String>> headers) {
        if (body.content() != Content.NOTHING) {
            boolean html = body.content() == Content.HTML;
            headers.put("Content-Type", List.of(html ? "text/html; charset=utf-8" : "application/json"));
        }
        if (body.gzip()) {
            headers.put("Content-Encoding", List.of("gzip"));
        }
    }

    private static void addValidators(
            Plan plan, Payload payload, Instant lastModified, Map<String, List<String>> headers) {
        if (plan.validator() == Validator.NONE) {
            return;
        }
        headers.put("Last-Modified", List.of(HttpDate.write(lastModified)));
        if (plan.validator() == Validator.ETAG) {
            byte[] hash = Arrays.copyOf(Jwk.sha256(payload.toBytes()), 16);
            // A strong tag belongs to one encoding of the document (RFC 9110 section 8.8.3.3).
            String encoding = plan.body().gzip() ? "-gzip" : "";
            headers.put("ETag", List.of('"' + HexFormat.of().formatHex(hash) + encoding + '"'));
        }
    }

    /** RFC 9110 section 13.2.2: If-Modified-Since counts only where there is no If-None-Match. */
    private static boolean notModified(
            Map<String, List<String>> requestHeaders, Map<String, List<String>> responseHeaders) {
        List<String> noneMatch = requestHeaders.get("If-None-Match");
        String etag = Headers.first(responseHeaders, "ETag");
        if (noneMatch != null) {
            return etag != null
                    && noneMatch.stream()
                            .flatMap(value -> Arrays.stream(value.split(",", -1)))
                            .map(String::strip)
                            .anyMatch(tag -> tag.equals("*") || tag.equals(etag) || tag.equals("W/" + etag));
        }
        String modifiedSince = Headers.first(requestHeaders, "If-Modified-Since");
        String lastModified = Headers.first(responseHeaders, "Last-Modified");
        if (modifiedSince == null || lastModified == null) {
            return false;
        }
        Instant seen = HttpDate.read(modifiedSince);
        Instant modified = HttpDate.read(lastModified);
        return seen != null
                && modified != null
                && !modified.truncatedTo(ChronoUnit.SECONDS).isAfter(seen);
    }
}
