package dev.jwkscache;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.junit.Lifecycle;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Any text of others in a log line: printable, bounded, and still the same text. */
class SafeTextFuzzTest {
    private static final int SHOWN = 80;

    @FuzzTest(lifecycle = Lifecycle.PER_TEST)
    void textsOfOthersAreFitForLogs(byte[] octets) {
        for (boolean utf8 : Held.of(List.of(true, false), octets.length)) {
            check(utf8 ? new String(octets, StandardCharsets.UTF_8) : pairs(octets));
        }
    }

    /** Two octets a character: every character there is, lone surrogates among them. */
    private static String pairs(byte[] octets) {
        StringBuilder text = new StringBuilder(octets.length / 2);
        for (int i = 0; i + 1 < octets.length; i += 2) {
            text.append((char) (((octets[i] & 0xff) << 8) | (octets[i + 1] & 0xff)));
        }
        return text.toString();
    }

    private static void check(String text) {
        String quoted = quoted(text);
        Held.message(quoted, Held.QUOTED);
        Held.that(quoted.startsWith("\"") && quoted.endsWith("\""), "in quotation marks", quoted);
        String safe = quoted.substring(1, quoted.length() - 1);
        Held.that(safe.indexOf('"') < 0, "no quotation mark, which would end the quotation", safe);
        if (text.length() <= SHOWN) {
            Held.that(read(safe).equals(text), "a short text can be read back", safe);
        } else {
            String cut = "… (" + text.length() + " characters)";
            Held.that(safe.endsWith(cut), "a long text says how long it is", safe);
            String shown = safe.substring(0, safe.length() - cut.length());
            Held.that(read(shown).equals(text.substring(0, SHOWN)), "a long text begins as it did", safe);
        }
    }

    private static String quoted(String text) {
        return SafeText.quoted(text);
    }

    /** Undoes the escapes. */
    private static String read(String safe) {
        StringBuilder text = new StringBuilder(safe.length());
        for (int i = 0; i < safe.length(); i++) {
            if (safe.charAt(i) == '\\') {
                Held.that(safe.charAt(i + 1) == 'u', "one kind of escape", safe);
                text.append((char) Integer.parseInt(safe.substring(i + 2, i + 6), 16));
                i += 5;
            } else {
                Held.that(safe.charAt(i) <= '~', "our own signs only where a text is cut", safe);
                text.append(safe.charAt(i));
            }
        }
        return text.toString();
    }
}
