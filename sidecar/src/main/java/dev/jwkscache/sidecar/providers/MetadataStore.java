package dev.jwkscache.sidecar.providers;

import java.net.URI;
import java.util.Optional;

/** Keeps the metadata of issuers for a restart. What fails in here costs nobody more than the metadata. */
interface MetadataStore {
    MetadataStore NONE = new MetadataStore() {
        @Override
        public Optional<String> load(URI issuer) {
            return Optional.empty();
        }

        @Override
        public void keep(URI issuer, String document) {}
    };

    /** What is kept; empty if nothing is, or it cannot be believed. */
    Optional<String> load(URI issuer);

    /** Keeps a document in the place of the one before. */
    void keep(URI issuer, String document);
}
