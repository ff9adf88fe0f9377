package dev.jwkscache;

import java.util.List;

/** The checks that targets share. They build no text unless they fail: a target runs ten million times. */
public final class Held {
    /** Longest thing that {@link SafeText} makes of a text: 80 characters of six octets, and what says how many there were. */
    public static final int QUOTED = 80 * 6 + "\"… (2147483647 characters)\"".length();

    private static final boolean ONE_OF_ALL = Boolean.getBoolean("jwkscache.fuzz.one");

    private Held() {}

    /** All of them; in the long run, where each input has a thousand siblings, the one that the number picks. */
    public static <T> List<T> of(List<T> all, int number) {
        return ONE_OF_ALL ? List.of(all.get(number % all.size())) : all;
    }

    /** Fails unless it holds. */
    public static void that(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    /** Fails unless it holds. */
    public static void that(boolean holds, String otherwise, Object seen) {
        if (!holds) {
            throw new AssertionError(otherwise + ": " + seen);
        }
    }

    /** Fails unless the text is printable ASCII, but for the ellipses and section signs of our own, and at most so long. */
    public static void message(String text, int most) {
        that(text.length() <= most, "a message of at most " + most + " characters", text);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            that((c >= ' ' && c <= '~') || c == '…' || c == '§', "a printable message", text);
        }
    }

    /** A refusal's message: fit for logs, with three foreign texts in it at the most. */
    static void refusal(FetchException refused) {
        that(refused.reason() != null, "a reason");
        message(refused.detail(), 3 * QUOTED + 200);
        that(refused.detail().equals(refused.getMessage()), "the detail is the message");
    }
}
