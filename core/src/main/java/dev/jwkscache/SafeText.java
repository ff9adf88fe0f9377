package dev.jwkscache;

import java.net.URI;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Makes text that others wrote fit for logs and messages: escaped to printable ASCII, and cut. */
final class SafeText {
    private static final int MAX_LENGTH = 80;

    private SafeText() {}

    static String of(String text) {
        StringBuilder safe = new StringBuilder(Math.min(text.length(), MAX_LENGTH) + 16);
        for (int i = 0; i < text.length(); i++) {
            if (i == MAX_LENGTH) {
                return safe.append("… (")
                        .append(text.length())
                        .append(" characters)")
                        .toString();
            }
            char c = text.charAt(i);
            if (c >= ' ' && c <= '~' && c != '\\' && c != '"') {
                safe.append(c);
            } else {
                safe.append("\\u").append(HexFormat.of().toHexDigits(c));
            }
        }
        return safe.toString();
    }

    static String quoted(@Nullable String text) {
        return text == null ? "none" : '"' + of(text) + '"';
    }

    /** The address without its user name, password and query, which may be secrets. */
    static String address(URI address) {
        String text = address.toString();
        String authority = address.getRawAuthority();
        int start = authority == null ? 0 : text.indexOf("//") + 2;
        // What has no authority may be one that was mistyped, so that a secret can stand anywhere before the last @.
        int end = authority == null ? text.lastIndexOf('@') : start + authority.lastIndexOf('@');
        if (end >= start) {
            text = text.substring(0, start) + "***" + text.substring(end);
        }
        int query = text.indexOf('?');
        return of(query < 0 ? text : text.substring(0, query)) + (query < 0 ? "" : "?…");
    }

    /** The same address without its query. */
    static URI withoutQuery(URI address) {
        String text = address.toString();
        return address.getRawQuery() == null ? address : URI.create(text.substring(0, text.indexOf('?')));
    }
}
