package dev.jwkscache;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.junit.Lifecycle;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Locale;

/** Any octets as an issuer's metadata: where its keys may be fetched from, or a refusal. */
class MetadataFuzzTest {
    private static final URI NAME = URI.create("https://sso.example/r");
    private static final URI ADDRESS = URI.create(NAME + "/.well-known/openid-configuration");
    private static final List<Issuer> ISSUERS =
            List.of(new Issuer(NAME, null, false), new Issuer(NAME, URI.create("https://inside.example:8443"), false));
    /** One address in a refusal, and what three rules say about another. */
    private static final int LONGEST = 6 * Held.QUOTED + 600;

    @FuzzTest(lifecycle = Lifecycle.PER_TEST)
    void metadataNamesAnAddressThatKeysMayComeFromOrIsRefused(byte[] octets) {
        for (Issuer issuer : Held.of(ISSUERS, octets.length)) {
            try {
                check(Metadata.read(octets, issuer, ADDRESS).keysAt(), issuer);
            } catch (FetchException refused) {
                Held.that(refused.reason() == FailureReason.METADATA, "its reason", refused.reason());
                Held.message(refused.detail(), LONGEST);
            }
        }
    }

    private static void check(URI keysAt, Issuer issuer) {
        String scheme = keysAt.getScheme().toLowerCase(Locale.ROOT);
        String host = keysAt.getHost().toLowerCase(Locale.ROOT);
        boolean loopback = host.equals("localhost") || host.startsWith("127.") || host.endsWith(":1]");
        Held.that(scheme.equals("https") || (scheme.equals("http") && loopback), "encrypted or at home", keysAt);
        Held.that(keysAt.getRawUserInfo() == null && keysAt.getRawFragment() == null, "nothing but an address", keysAt);
        Held.that(!issuer.isReachedElsewhere(keysAt), "not where the issuer cannot be reached", keysAt);
        HttpRequest.newBuilder(keysAt);
    }
}
