package dev.jwkscache.sidecar.clients;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A client of another language: a process that gets one token a line and answers with one line. */
final class ScriptClient implements Client {
    private static final String ACCEPTED = "accepted ";

    private final Started process;

    ScriptClient(Path folder, String... command) throws IOException {
        process = Started.in(folder, Map.of(), command);
    }

    @Override
    public String subject(String token) throws Exception {
        process.write(token);
        String answer = process.line();
        if (answer == null || !answer.startsWith(ACCEPTED)) {
            throw new IllegalArgumentException(answer == null ? "the client has ended" : answer);
        }
        return answer.substring(ACCEPTED.length());
    }

    @Override
    public void close() throws IOException {
        // Its own way out first, on which it tidies up.
        try (process) {
            process.finish();
        }
    }
}
