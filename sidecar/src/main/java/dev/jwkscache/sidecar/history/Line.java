package dev.jwkscache.sidecar.history;

import dev.jwkscache.sidecar.JsonText;
import dev.jwkscache.sidecar.history.TrustedKey.Source;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One line of the record: a JSON object in ASCII. */
final class Line {
    static final int FORMAT = 1;

    private final Map<String, @Nullable Object> members;

    private Line(Map<String, @Nullable Object> members) {
        this.members = members;
    }

    static Line of(Event event, Instant at, String run) {
        Line line = new Line(new LinkedHashMap<>());
        return line.with("at", at).with("event", event.label()).with("run", run);
    }

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException if it is none, as one that a crash has torn
     */
    static Line parse(String text) {
        try {
            Line line = new Line(new JsonObject(text).getMap());
            line.event();
            line.at();
            line.text("run");
            return line;
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("no line of the record", e);
        }
    }

    Line with(String name, @Nullable Object value) {
        members.put(name, value);
        return this;
    }

    Line withKey(TrustedKey key) {
        members.putAll(json(key));
        return this;
    }

    Line withKeys(Collection<TrustedKey> keys) {
        return with("keys", keys.stream().map(Line::json).toList());
    }

    byte[] bytes() {
        return (JsonText.of(members) + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    Event event() {
        return Event.valueOf(text("event").toUpperCase(Locale.ROOT));
    }

    Instant at() {
        return instant("at");
    }

    String text(String name) {
        return text(members, name);
    }

    int number(String name) {
        if (members.get(name) instanceof Integer number) {
            return number;
        }
        throw missing(name);
    }

    Instant instant(String name) {
        return Instant.parse(text(name));
    }

    boolean has(String name) {
        return members.get(name) != null;
    }

    TrustedKey key() {
        return key(members);
    }

    List<TrustedKey> keys() {
        if (members.get("keys") instanceof List<?> list) {
            return list.stream().map(one -> key((Map<?, ?>) one)).toList();
        }
        throw missing("keys");
    }

    private static Map<String, @Nullable Object> json(TrustedKey key) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("kid", key.kid());
        members.put("thumbprint", key.thumbprint());
        members.put("algorithms", key.algorithms());
        members.put("certificateExpiry", key.certificateExpiry());
        members.put("since", key.since());
        members.put("source", key.source().label());
        return members;
    }

    private static TrustedKey key(Map<?, ?> members) {
        List<?> algorithms = members.get("algorithms") instanceof List<?> list ? list : List.of();
        return new TrustedKey(
                members.get("kid") instanceof String kid ? kid : null,
                text(members, "thumbprint"),
                algorithms.stream().map(String.class::cast).toList(),
                members.get("certificateExpiry") instanceof String expiry ? Instant.parse(expiry) : null,
                Instant.parse(text(members, "since")),
                Source.valueOf(text(members, "source").toUpperCase(Locale.ROOT)));
    }

    private static String text(Map<?, ?> members, String name) {
        if (members.get(name) instanceof String text) {
            return text;
        }
        throw missing(name);
    }

    private static IllegalArgumentException missing(String name) {
        return new IllegalArgumentException("no " + name);
    }
}
