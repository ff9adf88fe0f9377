package dev.jwkscache.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;

/**
 * What the script has answered: the time of Redis, a word, and what belongs to it. Anything else than expected is a failure of
 * Redis, never a surprise for the cache.
 */
final class Answer {
    private static final Pattern LABEL = Pattern.compile("[a-z0-9_]{1,40}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,16}");

    private final List<Object> parts;
    private final Trouble trouble;

    private Answer(List<Object> parts, Trouble trouble) {
        this.parts = parts;
        this.trouble = trouble;
    }

    static Answer of(List<Object> parts, Trouble trouble) throws IOException {
        if (parts == null || parts.size() < 2 || !(parts.get(0) instanceof Long) || !(parts.get(1) instanceof byte[])) {
            throw trouble.nonsense();
        }
        return new Answer(parts, trouble);
    }

    String word() {
        return new String(bytes(1), US_ASCII);
    }

    byte[] bytes(int index) {
        if (index < parts.size() && parts.get(index) instanceof byte[] bytes) {
            return bytes;
        }
        throw new CompletionException(trouble.nonsense());
    }

    /** A number that is not negative. */
    long number(int index) {
        if (index < parts.size() && parts.get(index) instanceof Long number && number >= 0) {
            return number;
        }
        throw new CompletionException(trouble.nonsense());
    }

    /** A label such as {@code timeout}; {@code unknown} for anything that does not look like one. */
    String label(int index) {
        String text = new String(bytes(index), US_ASCII);
        return LABEL.matcher(text).matches() ? text : "unknown";
    }

    /** A number out of a field; 0 for anything else. */
    static long digits(byte[] field) {
        String text = new String(field, US_ASCII);
        return NUMBER.matcher(text).matches() ? Long.parseLong(text) : 0;
    }
}
