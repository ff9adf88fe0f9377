package dev.jwkscache.sidecar.providers;

import dev.jwkscache.JwksCacheListener;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The metadata that an issuer last published, also across a restart. */
final class Metadata implements JwksCacheListener {
    private final URI issuer;
    private final MetadataStore store;
    private volatile @Nullable String document;

    Metadata(URI issuer, MetadataStore store) {
        this.issuer = issuer;
        this.store = store;
        document = store.load(issuer).orElse(null);
    }

    Optional<String> document() {
        return Optional.ofNullable(document);
    }

    @Override
    public void metadataRead(MetadataRead event) {
        if (!event.document().equals(document)) {
            document = event.document();
            store.keep(issuer, event.document());
        }
    }
}
