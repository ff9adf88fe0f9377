package dev.jwkscache;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An answer as one writes it down: lines {@code name: value}, an empty line, the content. Latin-1, as HTTP has it, so that
 * each octet is a character and a seed can be read.
 */
final class HeaderLines {
    private final Map<String, List<String>> fields;
    private final byte[] content;

    private HeaderLines(Map<String, List<String>> fields, byte[] content) {
        this.fields = fields;
        this.content = content;
    }

    Map<String, List<String>> fields() {
        return fields;
    }

    byte[] content() {
        return content;
    }

    static HeaderLines of(byte[] octets) {
        Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        int start = 0;
        while (start < octets.length) {
            int end = start;
            while (end < octets.length && octets[end] != '\n') {
                end++;
            }
            String line = new String(octets, start, end - start, StandardCharsets.ISO_8859_1);
            start = Math.min(end + 1, octets.length);
            if (line.isEmpty()) {
                break;
            }
            int colon = Math.max(line.indexOf(':'), 0);
            fields.computeIfAbsent(line.substring(0, colon), n -> new ArrayList<>())
                    .add(line.substring(Math.min(colon + 1, line.length())).strip());
        }
        return new HeaderLines(fields, Arrays.copyOfRange(octets, start, octets.length));
    }

    String first(String name) {
        List<String> values = fields.getOrDefault(name, List.of());
        return values.isEmpty() ? null : values.get(0);
    }
}
