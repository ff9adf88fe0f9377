package dev.jwkscache.sidecar;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON (RFC 8259) in one line of ASCII: whatever a kid contains, neither a terminal nor an encoding can make
 * something else of it.
 */
public final class JsonText {
    private JsonText() {}

    /** Writes a value made of maps, collections, strings, numbers, booleans, instants and nulls. */
    public static String of(@Nullable Object value) {
        StringBuilder json = new StringBuilder();
        write(value, json);
        return json.toString();
    }

    private static void write(@Nullable Object value, StringBuilder json) {
        if (value == null || value instanceof Boolean || value instanceof Number) {
            json.append(value);
        } else if (value instanceof Map<?, ?> map) {
            object(map, json);
        } else if (value instanceof Collection<?> collection) {
            array(collection, json);
        } else if (value instanceof String text) {
            string(text, json);
        } else if (value instanceof Instant instant) {
            string(instant.truncatedTo(ChronoUnit.MILLIS).toString(), json);
        } else {
            throw new IllegalArgumentException("no JSON form for " + value.getClass());
        }
    }

    private static void object(Map<?, ?> map, StringBuilder json) {
        json.append('{');
        for (Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator(); entries.hasNext(); ) {
            Map.Entry<?, ?> entry = entries.next();
            string(String.valueOf(entry.getKey()), json);
            json.append(':');
            write(entry.getValue(), json);
            json.append(entries.hasNext() ? "," : "");
        }
        json.append('}');
    }

    private static void array(Collection<?> collection, StringBuilder json) {
        json.append('[');
        for (Iterator<?> elements = collection.iterator(); elements.hasNext(); ) {
            write(elements.next(), json);
            json.append(elements.hasNext() ? "," : "");
        }
        json.append(']');
    }

    private static void string(String text, StringBuilder json) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c >= ' ' && c <= '~') {
                json.append(c);
            } else {
                json.append(String.format("\\u%04x", (int) c));
            }
        }
        json.append('"');
    }
}
