package dev.jwkscache.bench.start;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The same fetch by the JDK's HTTP client, and nothing else: what of a start is not ours. */
final class PlainFetch {
    private PlainFetch() {}

    /**
     * Prints the nanoseconds from here to the body.
     *
     * @param arguments jwks_uri
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        long began = System.nanoTime();
        byte[] body = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(HttpRequest.newBuilder(URI.create(arguments[0])).build(), HttpResponse.BodyHandlers.ofByteArray())
                .body();
        if (body.length == 0) {
            throw new IOException("no document");
        }
        System.out.println(System.nanoTime() - began);
    }
}
