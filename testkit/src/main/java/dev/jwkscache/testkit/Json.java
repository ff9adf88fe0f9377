package dev.jwkscache.testkit;

import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes maps, lists, strings, numbers, booleans, null and instants (as NumericDate, RFC 7519 section 2) as JSON. */
final class Json {
    private Json() {}

    static String write(@Nullable Object value) {
        StringBuilder json = new StringBuilder();
        write(value, json);
        return json.toString();
    }

    private static void write(@Nullable Object value, StringBuilder json) {
        if (value == null || value instanceof Boolean || value instanceof Integer || value instanceof Long) {
            json.append(value);
        } else if (value instanceof Number number) {
            json.append(finite(number));
        } else if (value instanceof Instant instant) {
            json.append(instant.getEpochSecond());
        } else if (value instanceof Map<?, ?> map) {
            writeObject(map, json);
        } else if (value instanceof Iterable<?> elements) {
            writeArray(elements, json);
        } else if (value instanceof CharSequence text) {
            writeString(text, json);
        } else {
            throw new IllegalArgumentException("a " + value.getClass().getName()
                    + " cannot be written as JSON: use a Map, List, String, Number, Boolean, Instant or null");
        }
    }

    private static Number finite(Number number) {
        if (!Double.isFinite(number.doubleValue()) && (number instanceof Double || number instanceof Float)) {
            throw new IllegalArgumentException(number + " cannot be written as JSON: use a finite number");
        }
        return number;
    }

    private static void writeObject(Map<?, ?> map, StringBuilder json) {
        json.append('{');
        for (Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator(); entries.hasNext(); ) {
            Map.Entry<?, ?> entry = entries.next();
            writeString(String.valueOf(entry.getKey()), json);
            json.append(':');
            write(entry.getValue(), json);
            if (entries.hasNext()) {
                json.append(',');
            }
        }
        json.append('}');
    }

    private static void writeArray(Iterable<?> array, StringBuilder json) {
        json.append('[');
        for (Iterator<?> elements = array.iterator(); elements.hasNext(); ) {
            write(elements.next(), json);
            if (elements.hasNext()) {
                json.append(',');
            }
        }
        json.append(']');
    }

    private static void writeString(CharSequence text, StringBuilder json) {
        json.append('"');
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                json.append('\\').append((char) c);
            } else if (c < 0x20 || Character.isSurrogate((char) c)) {
                // A lone surrogate has no UTF-8 form; escaped, pairs stay pairs and lone ones stay readable.
                json.append(String.format("\\u%04x", c));
            } else {
                json.append((char) c);
            }
        });
        json.append('"');
    }
}
