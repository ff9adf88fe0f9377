package dev.jwkscache.sidecar;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.junit.Lifecycle;
import dev.jwkscache.Held;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** Any text as the argument of {@code inspect}: an address or a file, never something else, and one line when it is neither. */
class FileNameFuzzTest {
    private static final String PASSWORD = "s3cretOfSomebody";
    private static final StringWriter OUT = new StringWriter();
    private static final StringWriter ERR = new StringWriter();
    private static final CommandLine COMMAND = Main.commandLine(Map.of(), new PrintWriter(OUT), new PrintWriter(ERR));

    @FuzzTest(lifecycle = Lifecycle.PER_TEST)
    @DictionaryFile(resourcePath = "addresses.dict")
    void anArgumentIsAnAddressOrAFileAndErrorsAreOneLine(byte[] octets) {
        String text = new String(octets, StandardCharsets.UTF_8);
        if (isAddress(text)) {
            int user = text.indexOf("//");
            for (boolean withPassword : Held.of(List.of(false, true), octets.length)) {
                if (!withPassword) {
                    address(text, false);
                } else if (user >= 0) {
                    String before = text.substring(0, user + 2);
                    String secret = before + "somebody:" + PASSWORD + '@' + text.substring(user + 2);
                    address(secret, before.indexOf('?') < 0 && before.indexOf('#') < 0);
                }
            }
        } else if (isHarmless(text)) {
            file(text);
        }
        printed(text);
    }

    private static boolean isAddress(String text) {
        return Address.looksLikeOne(text);
    }

    private static void address(String text, boolean secret) {
        try {
            URI address = Address.parse(text, false);
            Held.that(address.getHost() != null && Address.isHttp(address), "http or https with a host", address);
            Held.that(address.getRawUserInfo() == null && address.getRawFragment() == null, "plain", address);
            Held.message(Address.show(address), 210);
            Held.that(!secret, "an address with a password is refused", address);
        } catch (CommandFailure refused) {
            Held.message(refused.getMessage(), 600);
            Held.that(!secret || !refused.getMessage().contains(PASSWORD), "a password is told", refused.getMessage());
        }
    }

    /** Runs the command; a name that leads out of this folder is left alone, for this runs ten million times. */
    private static void file(String name) {
        OUT.getBuffer().setLength(0);
        ERR.getBuffer().setLength(0);
        int status = COMMAND.execute("inspect", "--", name);
        String error = ERR.toString();
        Held.that(status == 2 && OUT.getBuffer().length() == 0, "no set, status 2", status);
        Held.that(error.endsWith(System.lineSeparator()), "a line", error);
        String line = error.substring(0, error.length() - System.lineSeparator().length());
        Held.that(!line.contains("this is a bug"), "a foreseen failure", line);
        onTheTerminal(line);
    }

    private static boolean isHarmless(String name) {
        return name.indexOf('/') < 0 && !name.startsWith("@");
    }

    private static void printed(String text) {
        Held.message(Printable.of(text, 40), 40);
        onTheTerminal(Printable.line(text));
    }

    private static void onTheTerminal(String line) {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            Held.that(!Character.isISOControl(c), "no control character on a terminal", (int) c);
            Held.that(
                    Character.getType(c) != Character.FORMAT || Character.isSurrogate(c),
                    "nothing that turns the direction of reading",
                    (int) c);
        }
    }
}
