package dev.jwkscache.bench.sidecar;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * wrk, on one thread, which tells its figures in a line that can be read.
 *
 * @param script what makes it tell them
 * @param prefix of its command
 */
record Wrk(Path script, List<String> prefix) implements AutoCloseable {
    static final String PROGRAM = "wrk";
    private static final int CONNECTIONS = 64;
    private static final String MARK = "figures ";

    static Wrk open(List<String> prefix) throws IOException {
        Path script = Files.createTempFile("figures", ".lua");
        try (InputStream resource = Wrk.class.getResourceAsStream("figures.lua")) {
            Files.write(script, Objects.requireNonNull(resource).readAllBytes());
        }
        return new Wrk(script, List.copyOf(prefix));
    }

    /**
     * What it saw.
     *
     * @param requests that were answered
     * @param seconds that it took
     * @param p99Nanos 99 % were answered within this time
     * @param errors what was answered with another status than 2xx and 3xx, or not at all
     */
    record Load(long requests, double seconds, double p50Nanos, double p99Nanos, long errors) {}

    Load on(URI address, int seconds) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Programs.path(PROGRAM),
                "-t1",
                "-c" + CONNECTIONS,
                "-d" + seconds + "s",
                "-s",
                script.toString(),
                address.toString()));
        String printed = Programs.output(command, Map.of());
        int from = printed.indexOf(MARK);
        if (from < 0) {
            throw new IOException("wrk told no figures: " + printed);
        }
        String[] figures = printed.substring(from + MARK.length()).strip().split("\\s+", -1);
        return new Load(
                Long.parseLong(figures[0]),
                Double.parseDouble(figures[1]) / 1e6,
                Double.parseDouble(figures[2]) * 1e3,
                Double.parseDouble(figures[3]) * 1e3,
                Long.parseLong(figures[4]));
    }

    @Override
    public void close() throws IOException {
        Files.delete(script);
    }
}
