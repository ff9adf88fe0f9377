package dev.jwkscache.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A page in which prose is written by hand and figures are put between marks: {@code <!-- lookup -->} and
 * {@code <!-- /lookup -->}. Charts go into a folder beside it that is called like the page.
 */
public record Page(Path file) {

    /** Puts the part's latest result between its marks; does nothing when there is none. */
    public <R> void update(Part<R> part, Results results) throws IOException {
        var measured = results.read(part);
        if (measured.isEmpty()) {
            return;
        }
        Section section = part.section(measured.get().result());
        String text = Files.readString(file);
        String begin = "<!-- " + part.name() + " -->\n";
        String end = "<!-- /" + part.name() + " -->";
        int from = text.indexOf(begin);
        int to = text.indexOf(end);
        if (from < 0 || to < from) {
            throw new IOException(file + " has no marks for " + part.name() + ": " + begin.trim() + " and " + end);
        }
        Files.writeString(
                file,
                text.substring(0, from) + begin + "\n" + section.markdown().strip() + "\n\n`" + part.command() + "` on "
                        + measured.get().machine() + "\n\n" + text.substring(to));
        Path charts = file.resolveSibling(file.getFileName().toString().replaceFirst("\\.md$", ""));
        Files.createDirectories(charts);
        for (Map.Entry<String, String> chart : section.charts().entrySet()) {
            Files.writeString(charts.resolve(chart.getKey()), chart.getValue());
        }
    }
}
