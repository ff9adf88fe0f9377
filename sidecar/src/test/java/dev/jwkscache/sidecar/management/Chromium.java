package dev.jwkscache.sidecar.management;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The machine's own Chromium. Tests that need one are skipped where there is none, and say so; with
 * {@code -Dchromium.required=true} they fail.
 */
public final class Chromium implements AutoCloseable {
    private static final List<Path> PLACES =
            List.of(Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromium-browser"));
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Path executable) {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        .setHeadless(true)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
    }

    /** Starts it, or ends the test that asks. */
    public static Chromium start() {
        Optional<Path> executable = find(System.getenv(), PLACES);
        if (executable.isEmpty()) {
            String missing = "no Chromium: set CHROMIUM to one, or install it; looked for " + PLACES + " and for "
                    + NAMES + " on the PATH";
            if (Boolean.getBoolean("chromium.required")) {
                fail(missing);
            }
            System.out.println("The status page is not tested in a browser, " + missing);
            abort(missing);
        }
        return new Chromium(executable.orElseThrow());
    }

    /**
     * Where it is, in the order in which it is looked for.
     *
     * @throws IllegalStateException if the variable names something that cannot be run
     */
    static Optional<Path> find(Map<String, String> environment, List<Path> places) {
        String chosen = environment.getOrDefault("CHROMIUM", "");
        if (!chosen.isBlank()) {
            if (!Files.isExecutable(Path.of(chosen))) {
                throw new IllegalStateException("CHROMIUM is " + chosen + ", which is no program that can be run");
            }
            return Optional.of(Path.of(chosen));
        }
        Stream<Path> onPath = Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isBlank())
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)));
        return Stream.concat(places.stream(), onPath)
                .filter(Files::isRegularFile)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Where tabs are opened. */
    public Browser browser() {
        return browser;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
