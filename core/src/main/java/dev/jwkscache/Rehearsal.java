package dev.jwkscache;

import dev.jwkscache.spi.OriginResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Reads a made-up set once in a process, while somebody waits for the first fetch anyway: most of what the first set of a
 * process costs is the loading of classes, and that can be done while the network is busy.
 */
final class Rehearsal {
    private static final AtomicBoolean DONE = new AtomicBoolean();
    private static final int MODULUS_BYTES = 256;

    private Rehearsal() {}

    /** Does nothing from the second call on. */
    static void once() {
        if (!DONE.compareAndSet(false, true)) {
            return;
        }
        byte[] modulus = new byte[MODULUS_BYTES];
        modulus[0] = (byte) 0x80;
        modulus[MODULUS_BYTES - 1] = 1;
        String set =
                "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"rehearsal\",\"use\":\"sig\",\"alg\":\"RS256\",\"e\":\"AQAB\",\"n\":\""
                        + Base64.getUrlEncoder().withoutPadding().encodeToString(modulus) + "\"}]}";
        OriginResponse response = new OriginResponse(
                200, Map.of("Content-Type", List.of("application/json")), set.getBytes(StandardCharsets.US_ASCII));
        try {
            DocumentReader reader = new DocumentReader(set.length(), new JwkSetParser(KeyRules.STANDARD));
            reader.read(response, null).keys().fitting("rehearsal", "RS256");
            CacheHints.freshness(response);
        } catch (FetchException | RuntimeException unexpected) {
            // The first real set will tell.
        }
    }
}
