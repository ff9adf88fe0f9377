package dev.jwkscache.sidecar;

import org.jspecify.annotations.Nullable;

/** Makes text that others wrote fit for a terminal, which obeys control characters. */
public final class Printable {
    private Printable() {}

    /** The text in printable ASCII, everything else escaped, cut to a length. */
    public static String of(String text, int most) {
        StringBuilder safe = new StringBuilder(Math.min(text.length(), most) + 16);
        for (int i = 0; i < text.length() && safe.length() <= most; i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c <= '~' && c != '\\' && c != '"') {
                safe.append(c);
            } else {
                safe.append(String.format("\\u%04x", (int) c));
            }
        }
        return cut(safe.toString(), most);
    }

    /** The member's text as {@link #of}; a dash where it is absent or no string. */
    static String member(@Nullable Object value, int most) {
        return value instanceof String text ? of(text, most) : TextTable.NOTHING;
    }

    /** A text cut to a length, with an ellipsis where something is missing. */
    public static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1) + "…";
    }

    /**
     * A message as one line: letters of any language stay, whatever moves the cursor or the reading direction is escaped.
     */
    public static String line(String message) {
        StringBuilder safe = new StringBuilder(message.length());
        message.codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR,
                        Character.SURROGATE,
                        Character.PRIVATE_USE,
                        Character.UNASSIGNED -> safe.append(c == '\n' ? " " : String.format("\\u%04x", c));
                default -> safe.appendCodePoint(c);
            }
        });
        return safe.toString().strip();
    }
}
