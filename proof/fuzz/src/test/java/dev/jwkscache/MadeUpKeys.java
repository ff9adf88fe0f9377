package dev.jwkscache;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys that were made for these targets, one a line of {@code made-up-keys.txt}, with the texts of their members. */
final class MadeUpKeys {
    private static final Pattern MEMBER = Pattern.compile("\"([^\"]+)\":(\"[^\"]*\")");

    /** Usable on every JDK from 17 on. */
    static final List<Map<String, String>> USABLE = read();

    private MadeUpKeys() {}

    /** A key as JSON. */
    static String json(Map<String, String> key) {
        StringBuilder json = new StringBuilder();
        key.forEach((name, value) -> json.append(json.length() == 0 ? "{\"" : ",\"")
                .append(name)
                .append("\":")
                .append(value));
        return json.append('}').toString();
    }

    /** A good set of two keys. */
    static String document() {
        return "{\"keys\":[" + json(USABLE.get(0)) + ',' + json(USABLE.get(1)) + "]}";
    }

    private static List<Map<String, String>> read() {
        try (InputStream file = MadeUpKeys.class.getResourceAsStream("made-up-keys.txt")) {
            List<Map<String, String>> keys = new ArrayList<>();
            for (String line : new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                Map<String, String> members = new LinkedHashMap<>();
                Matcher member = MEMBER.matcher(line);
                while (member.find()) {
                    members.put(member.group(1), member.group(2));
                }
                keys.add(members);
            }
            return keys;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
