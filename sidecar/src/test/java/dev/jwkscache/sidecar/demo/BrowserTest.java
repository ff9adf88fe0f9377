package dev.jwkscache.sidecar.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BrowserTest {
    private static final URI PAGE = URI.create("http://127.0.0.1:9090/");

    @Test
    void eachSystemHasItsCommand() {
        assertThat(command("Mac OS X", Map.of())).containsExactly("open", "http://127.0.0.1:9090/");
        assertThat(command("Windows 11", Map.of()))
                .containsExactly("rundll32", "url.dll,FileProtocolHandler", "http://127.0.0.1:9090/");
        assertThat(command("Linux", Map.of("DISPLAY", ":0"))).containsExactly("xdg-open", "http://127.0.0.1:9090/");
        assertThat(command("FreeBSD", Map.of("WAYLAND_DISPLAY", "wayland-0"))).startsWith("xdg-open");
    }

    @Test
    void nothingIsOpenedWhereThereIsNoScreen() {
        assertThat(command("Linux", Map.of())).isEmpty();
        assertThat(command("Linux", Map.of("DISPLAY", " ", "TERM", "xterm"))).isEmpty();
    }

    private static List<String> command(String system, Map<String, String> environment) {
        return Browser.command(PAGE, system, environment);
    }
}
