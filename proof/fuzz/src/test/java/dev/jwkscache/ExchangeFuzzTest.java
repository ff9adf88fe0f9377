package dev.jwkscache;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.junit.Lifecycle;
import dev.jwkscache.spi.OriginRequest;
import dev.jwkscache.spi.OriginResponse;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Any answer that the JDK's client lets through, and then the request that repeats its validators. */
class ExchangeFuzzTest {
    private static final URI ADDRESS = URI.create("https://idp.example:8443/jwks.json");
    private static final int MOST_BYTES = 2048;
    private static final int MOST_REQUESTS = 6;
    private static final int[] STATUSES = {200, 301, 302, 303, 307, 308, 304, 404, 503};

    @FuzzTest(lifecycle = Lifecycle.PER_TEST)
    @DictionaryFile(resourcePath = "headers.dict")
    void anAnswerIsReadWithinItsLimitsAndItsValidatorsCanBeSentBack(byte[] octets) {
        HeaderLines lines = HeaderLines.of(octets);
        Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        lines.fields().forEach((name, values) -> {
            if (isToken(name) && values.stream().allMatch(ExchangeFuzzTest::isFieldValue)) {
                fields.put(name, values);
            }
        });
        int status = STATUSES[lines.content().length % STATUSES.length];
        String written = lines.first("status");
        if (written != null && written.matches("[1-5][0-9]{2}")) {
            status = Integer.parseInt(written);
        }
        HttpHeaders headers = HttpHeaders.of(fields, (name, value) -> true);
        int chunk = 1 + octets.length % 700;
        OriginRequest first = new OriginRequest(null, null, octets.length % 2 == 0, Duration.ofSeconds(5), 0);
        exchange(new ScriptedClient(status, headers, lines.content(), chunk), first);
        OriginRequest next = new OriginRequest(
                headers.firstValue("etag").orElse(null),
                headers.firstValue("last-modified").orElse(null),
                false,
                Duration.ofSeconds(5),
                0);
        exchange(new ScriptedClient(200, headers, lines.content(), chunk), next);
    }

    private static void exchange(ScriptedClient client, OriginRequest request) {
        CompletableFuture<OriginResponse> exchange = fetch(client, request);
        Held.that(exchange.isDone(), "an answer that is there ends the exchange");
        Held.that(client.requests.size() <= MOST_REQUESTS, "five redirects are the most");
        for (HttpRequest sent : client.requests) {
            Held.that(
                    sent.uri().getScheme().equalsIgnoreCase("https")
                            && sent.uri().getHost().equalsIgnoreCase("idp.example")
                            && sent.uri().getPort() == 8443,
                    "every request goes to the same origin",
                    sent.uri());
            Held.that(
                    sent.headers().firstValue("If-None-Match").equals(Optional.ofNullable(request.etag())),
                    "the validator as it came",
                    sent.headers());
        }
        try {
            OriginResponse answer = exchange.join();
            Held.that(answer.body().length <= MOST_BYTES, "a body within the limit", answer.body().length);
            Held.that(answer.status() == 200 || answer.body().length == 0, "a body of a 200 only", answer.status());
        } catch (CompletionException failed) {
            Held.that(failed.getCause() instanceof FetchException, "a reason for every failure", failed.getCause());
            Held.refusal((FetchException) failed.getCause());
        }
    }

    private static CompletableFuture<OriginResponse> fetch(ScriptedClient client, OriginRequest request) {
        return new HttpOrigin(ADDRESS, MOST_BYTES, Transport.standard(), route -> client).fetch(request);
    }

    /** RFC 9110 §5.6.2, as the JDK's client demands it of a field's name. */
    private static boolean isToken(String name) {
        return !name.isEmpty()
                && name.chars().allMatch(c -> c > ' ' && c < 0x7f && "()<>@,;:\\\"/[]?={}".indexOf(c) < 0);
    }

    /** What the JDK's client lets through as a field's value. */
    private static boolean isFieldValue(String value) {
        return value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f && c <= 0xff));
    }
}
