package dev.jwkscache;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a key set into the raw text of its entries, so that each can be tried alone, exactly as it was published. Knows
 * strings and brackets and nothing else of JSON; expects a document that is well-formed.
 */
final class RawDocument {
    private final String text;
    private int at;

    private RawDocument(String text) {
        this.text = text;
    }

    /** The entries of {@code keys}; null where there is no such member. */
    static List<String> entries(byte[] document) {
        String text = new String(document, StandardCharsets.UTF_8);
        return new RawDocument(text.startsWith("\uFEFF") ? text.substring(1) : text).entries();
    }

    /** A document of these entries. */
    static byte[] of(String... entries) {
        return ("{\"keys\":[" + String.join(",", entries) + "]}").getBytes(StandardCharsets.UTF_8);
    }

    /** The one way in which the documents of these tests reach the parser. */
    static JwkSet parse(byte[] document) throws FetchException {
        return new JwkSetParser(KeyRules.STANDARD).parse(document);
    }

    private List<String> entries() {
        List<String> entries = null;
        open('{');
        while (!closes('}')) {
            String name = value();
            open(':');
            String value = value();
            if (name.equals("\"keys\"")) {
                entries = new RawDocument(value).elements();
            }
            closes(',');
        }
        return entries;
    }

    private List<String> elements() {
        List<String> elements = new ArrayList<>();
        open('[');
        while (!closes(']')) {
            elements.add(value());
            closes(',');
        }
        return elements;
    }

    private String value() {
        skipSpace();
        int from = at;
        int depth = 0;
        do {
            char c = text.charAt(at);
            if (c == '"') {
                skipString();
            } else if (c == '{' || c == '[') {
                depth++;
                at++;
            } else if (c == '}' || c == ']') {
                depth--;
                at++;
            } else {
                at++;
            }
        } while (depth > 0 || !endsHere(from));
        return text.substring(from, at);
    }

    /** A value that opens with a bracket or quote ends with it; a number or word ends before what may follow it. */
    private boolean endsHere(int from) {
        return "\"{[".indexOf(text.charAt(from)) >= 0
                || at == text.length()
                || " \t\r\n,:]}".indexOf(text.charAt(at)) >= 0;
    }

    private void skipString() {
        at++;
        while (text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        at++;
    }

    private void skipSpace() {
        while (Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private void open(char bracket) {
        if (!closes(bracket)) {
            throw new IllegalArgumentException("expected " + bracket + " at character " + at);
        }
    }

    private boolean closes(char bracket) {
        skipSpace();
        if (text.charAt(at) != bracket) {
            return false;
        }
        at++;
        return true;
    }
}
