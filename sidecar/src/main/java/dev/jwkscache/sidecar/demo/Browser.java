package dev.jwkscache.sidecar.demo;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Opens an address in the browser of whoever sits there, by the program that their system has for it. */
public final class Browser {
    private Browser() {}

    /**
     * The command that opens an address.
     *
     * @param system the property {@code os.name}
     * @return empty where nobody sits at a screen, as far as can be told
     */
    static List<String> command(URI address, String system, Map<String, String> environment) {
        String name = system.toLowerCase(Locale.ROOT);
        if (name.startsWith("mac")) {
            return List.of("open", address.toString());
        }
        if (name.startsWith("windows")) {
            return List.of("rundll32", "url.dll,FileProtocolHandler", address.toString());
        }
        // Without a screen it would look for a browser that takes the terminal.
        boolean screen = isSet(environment, "DISPLAY") || isSet(environment, "WAYLAND_DISPLAY");
        return screen ? List.of("xdg-open", address.toString()) : List.of();
    }

    private static boolean isSet(Map<String, String> environment, String name) {
        return !environment.getOrDefault(name, "").isBlank();
    }

    /** Opens an address, or does not; returns at once and never fails. */
    public static void open(URI address, Map<String, String> environment) {
        List<String> command = command(address, System.getProperty("os.name", ""), environment);
        if (command.isEmpty()) {
            return;
        }
        try {
            new ProcessBuilder(command)
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start()
                    .getOutputStream()
                    .close();
        } catch (IOException noSuchProgram) {
            // The address is printed in any case.
        }
    }
}
