package dev.jwkscache;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.junit.Lifecycle;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Any Location: it leads on at the same origin, or nowhere. */
class RedirectFuzzTest {
    private static final List<URI> FROM = List.of(
            URI.create("https://idp.example/a/jwks.json?tenant=1"),
            URI.create("https://idp.example:8443"),
            URI.create("http://[::1]:80/jwks"));

    @FuzzTest(lifecycle = Lifecycle.PER_TEST)
    @DictionaryFile(resourcePath = "addresses.dict")
    void aRedirectStaysAtItsOrigin(byte[] octets) {
        String location = new String(octets, StandardCharsets.UTF_8);
        for (URI from : Held.of(FROM, octets.length)) {
            check(from, location);
        }
    }

    private static void check(URI from, String location) {
        try {
            URI target = redirectTarget(from, location);
            Held.that(target.getScheme().equalsIgnoreCase(from.getScheme()), "the same scheme", target);
            Held.that(target.getHost().equalsIgnoreCase(from.getHost()), "the same host", target);
            Held.that(port(target) == port(from), "the same port", target);
            HttpRequest.newBuilder(target);
        } catch (FetchException refused) {
            Held.refusal(refused);
            Held.that(refused.reason() == FailureReason.REDIRECT, "refused as a redirect", refused.reason());
        }
    }

    private static URI redirectTarget(URI from, String location) throws FetchException {
        return Addresses.redirectTarget(from, location);
    }

    private static int port(URI address) {
        boolean plain = address.getScheme().equalsIgnoreCase("http");
        return address.getPort() >= 0 ? address.getPort() : plain ? 80 : 443;
    }
}
