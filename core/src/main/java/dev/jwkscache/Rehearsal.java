package dev.jwkscache;

import dev.jwkscache.spi.OriginResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

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
        if (DONE.compareAndSet(false, true)) {
            read();
        }
    }

    /** The made-up set, or null where it cannot be read: then the first real one will tell why. */
    static @Nullable JwkSet read() {
        byte[] modulus = new byte[MODULUS_BYTES];
        modulus[0] = (byte) 0x80;
        modulus[MODULUS_BYTES - 1] = 1;
        String key = "{\"kty\":\"RSA\",\"kid\":\"rehearsal\",\"use\":\"sig\",\"alg\":\"RS256\",\"e\":\"AQAB\",\"n\":\""
                + Base64.getUrlEncoder().withoutPadding().encodeToString(modulus) + "\"}";
        String set = "{\"keys\":[" + key + "]}";
        OriginResponse response = new OriginResponse(
                200, Map.of("Content-Type", List.of("application/json")), set.getBytes(StandardCharsets.US_ASCII));
        try {
            CacheHints.freshness(response);
            return new DocumentReader(set.length(), new JwkSetParser(KeyRules.STANDARD))
                    .read(response, null)
                    .keys();
        } catch (FetchException | RuntimeException unexpected) {
            return null;
        }
    }
}
