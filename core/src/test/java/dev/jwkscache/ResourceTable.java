package dev.jwkscache;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A table of tab-separated values with a line of names; lines that begin with {@code #} are comments. */
final class ResourceTable {
    private final List<Row> rows;

    private ResourceTable(List<Row> rows) {
        this.rows = rows;
    }

    /** Reads a committed table from the class path. */
    static ResourceTable ofResource(String name) {
        try (InputStream in = ResourceTable.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ResourceTable parse(String text) {
        List<Row> rows = new ArrayList<>();
        String[] names = null;
        int number = 0;
        for (String line : text.split("\\R")) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] values = line.split("\t", -1);
            if (names == null) {
                names = values;
                continue;
            }
            if (values.length != names.length) {
                throw new IllegalStateException(
                        "line " + number + " has " + values.length + " columns, not " + names.length);
            }
            Map<String, String> columns = new LinkedHashMap<>();
            for (int i = 0; i < names.length; i++) {
                columns.put(names[i], values[i]);
            }
            rows.add(new Row(number, columns));
        }
        return new ResourceTable(rows);
    }

    List<Row> rows() {
        return rows;
    }

    /** A line of the table. */
    record Row(int line, Map<String, String> columns) {

        String get(String column) {
            String value = columns.get(column);
            if (value == null) {
                throw new IllegalStateException("no column " + column + " in " + columns.keySet());
            }
            return value;
        }

        /** Whether the column is «*» or a regular expression that covers the whole value. */
        boolean matches(String column, String value) {
            String pattern = get(column);
            return pattern.equals("*") || Pattern.matches(pattern, value);
        }

        @Override
        public String toString() {
            return "line " + line + ": " + String.join(" | ", columns.values());
        }
    }
}
