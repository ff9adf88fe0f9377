package dev.jwkscache.bench.sidecar;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/** Asks for the whole set, as JWT libraries do, and tells what came. */
final class Client {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int OK = 200;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final HttpRequest request;

    Client(URI address) {
        request = HttpRequest.newBuilder(address).timeout(PATIENCE).build();
    }

    /**
     * What came of a request.
     *
     * @param atNanos when it was sent, as {@link System#nanoTime()}
     * @param tookNanos until the whole answer was there, or none was to be expected
     * @param status 0 where no answer came
     * @param kids of the keys in it
     * @param bytes of the body
     */
    record Answer(long atNanos, long tookNanos, int status, Set<String> kids, int bytes) {
        boolean hasKeys() {
            return status == OK && !kids.isEmpty();
        }

        /** Looks like an answer, and is none. */
        boolean isNonsense() {
            return status == OK && kids.isEmpty();
        }
    }

    Answer ask() throws InterruptedException {
        long began = System.nanoTime();
        int status = 0;
        String body = "";
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            status = response.statusCode();
            body = response.body();
        } catch (IOException none) {
            // Refused, broken off or too late: all the same to whoever has a token to verify.
        }
        return new Answer(began, System.nanoTime() - began, status, kids(body), body.length());
    }

    private static Set<String> kids(String body) {
        Set<String> kids = new TreeSet<>();
        try {
            JsonElement document = JsonParser.parseString(body);
            if (document instanceof JsonObject set && set.get("keys") != null) {
                for (JsonElement key : set.getAsJsonArray("keys")) {
                    kids.add(key.getAsJsonObject().get("kid").getAsString());
                }
            }
        } catch (JsonParseException garbage) {
            kids.clear();
        }
        return kids;
    }
}
