package dev.jwkscache.bench.trouble;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The original module, in Python with httpx, which jwks-cache began as. */
record PythonSubject(Tuning tuning, String python, String versions) implements Subject {
    static final String NAME = "original module (Python)";
    /** Of several on a machine the first that has httpx is taken. */
    private static final List<String> PYTHONS = List.of("python3", "/usr/bin/python3");

    private static final String PROBE =
            "import httpx, platform; print('Python ' + platform.python_version() + ', httpx ' + httpx.__version__)";

    /** Empty where Python or httpx is missing. */
    static Optional<Subject> find(Tuning tuning) throws InterruptedException {
        for (String python : PYTHONS) {
            Optional<String> versions = versions(python);
            if (versions.isPresent()) {
                return Optional.of(new PythonSubject(tuning, python, versions.get()));
            }
        }
        return Optional.empty();
    }

    @Override
    public About about() {
        return new About(NAME, versions, environment());
    }

    @Override
    public Crew crew(URI jwksUri, Scenario scenario) {
        return new PythonCrew(python, environment(), jwksUri, scenario);
    }

    private Map<String, String> environment() {
        return Tuning.settings(
                "JWKS_TTL_SECONDS", Long.toString(tuning.lifetime().toSeconds()),
                "JWKS_REFRESH_INTERVAL", Long.toString(tuning.refreshAfter().toSeconds()),
                "JWKS_FETCH_TIMEOUT", Double.toString(tuning.fetchTimeout().toMillis() / 1e3),
                "JWKS_MAX_STALENESS", Long.toString(tuning.maxStaleness().toSeconds()));
    }

    private static Optional<String> versions(String python) throws InterruptedException {
        try {
            Process probe = new ProcessBuilder(python, "-c", PROBE)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                boolean found = probe.waitFor(10, TimeUnit.SECONDS) && probe.exitValue() == 0;
                return found ? Optional.ofNullable(probe.inputReader().readLine()) : Optional.empty();
            } finally {
                probe.destroyForcibly();
            }
        } catch (IOException missing) {
            return Optional.empty();
        }
    }
}
