package dev.jwkscache.bench.trouble;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.Closeable;
import java.io.IOException;
import java.security.Key;
import java.security.PublicKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys of a Nimbus source, selected as Nimbus's own processor does it, which is also Spring's. */
final class NimbusKeys implements KeySource {
    private final JWKSource<SecurityContext> source;
    private final JWSVerificationKeySelector<SecurityContext> selector;

    NimbusKeys(JWKSource<SecurityContext> source) {
        this.source = source;
        this.selector = new JWSVerificationKeySelector<>(JWSAlgorithm.RS256, source);
    }

    @Override
    @SuppressWarnings("NullAway") // Nimbus takes null for «no context» and does not say so in its types.
    public @Nullable PublicKey key(String kid) throws KeySourceException {
        List<Key> keys = selector.selectJWSKeys(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(kid).build(), null);
        return keys.isEmpty() ? null : (PublicKey) keys.get(0);
    }

    @Override
    public void close() throws IOException {
        if (source instanceof Closeable closeable) {
            closeable.close();
        }
    }
}
