package dev.jwkscache.sidecar;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/**
 * Asks the sidecar on this machine how it is, for a container that holds neither a shell nor curl: status 0 for yes, 1 for
 * no. No command of {@link Main}, because it runs every few seconds and must cost little.
 */
final class HealthCheck {
    private static final String PORT = "JWKS_CACHE_MANAGEMENT_PORT";
    private static final String DEFAULT_PORT = "9090";
    private static final int PATIENCE_MILLIS = 2000;

    private HealthCheck() {}

    /**
     * Ends the process with the answer.
     *
     * @param arguments {@code ready} (the default) or {@code live}
     */
    public static void main(String[] arguments) {
        String what = arguments.length == 0 ? "ready" : arguments[0];
        String port = System.getenv().getOrDefault(PORT, DEFAULT_PORT);
        System.exit(isWell(URI.create("http://127.0.0.1:" + port + "/health/" + what)) ? 0 : 1);
    }

    static boolean isWell(URI address) {
        try {
            // Lighter than HttpClient, which starts threads.
            HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setReadTimeout(PATIENCE_MILLIS);
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            return false;
        }
    }
}
