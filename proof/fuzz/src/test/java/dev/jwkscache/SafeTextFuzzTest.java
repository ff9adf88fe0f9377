package dev.jwkscache;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.junit.Lifecycle;
import java.nio.charset.StandardCharsets;

/** Any text of others in a log line: printable, bounded, and still the same text. */
class SafeTextFuzzTest {
    private static final int SHOWN = 80;

    @FuzzTest(lifecycle = Lifecycle.PER_TEST)
    void textsOfOthersAreFitForLogs(byte[] octets) {
        check(new String(octets, StandardCharsets.UTF_8));
        // Two octets a character: every character there is, lone surrogates among them.
        check(new String(octets, StandardCharsets.UTF_16BE));
        StringBuilder raw = new StringBuilder(octets.length / 2);
        for (int i = 0; i + 1 < octets.length; i += 2) {
            raw.append((char) (((octets[i] & 0xff) << 8) | (octets[i + 1] & 0xff)));
        }
        check(raw.toString());
    }

    private static void check(String text) {
        String safe = of(text);
        Held.message(safe, Held.QUOTED);
        Held.that(safe.indexOf('"') < 0, "no quotation mark, which would end a quotation", safe);
        Held.that(SafeText.quoted(text).equals('"' + safe + '"'), "in quotation marks", safe);
        if (text.length() <= SHOWN) {
            Held.that(read(safe).equals(text), "a short text can be read back", safe);
        } else {
            String cut = "… (" + text.length() + " characters)";
            Held.that(safe.endsWith(cut), "a long text says how long it is", safe);
            String shown = safe.substring(0, safe.length() - cut.length());
            Held.that(read(shown).equals(text.substring(0, SHOWN)), "a long text begins as it did", safe);
        }
    }

    private static String of(String text) {
        return SafeText.of(text);
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
