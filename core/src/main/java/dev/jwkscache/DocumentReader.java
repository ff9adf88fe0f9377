package dev.jwkscache;

import dev.jwkscache.Snapshot.Validators;
import dev.jwkscache.spi.OriginResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Decides what may replace a good set: a 200 with a usable document inside the size limit, or a 304 that was asked for.
 * Parses a document only when it differs from the one at hand.
 */
record DocumentReader(int maxBytes, JwkSetParser parser) {

    static DocumentReader of(Settings settings) {
        return new DocumentReader(settings.maxDocumentBytes(), new JwkSetParser(settings.keyRules()));
    }

    /** A validated set with what identifies its document. */
    record Document(JwkSet keys, Validators validators) {}

    /**
     * Reads an answer.
     *
     * @param basis the snapshot whose validators the request carried, or null
     * @throws FetchException if the answer is not fit to replace or confirm a set
     */
    Document read(OriginResponse response, @Nullable Snapshot basis) throws FetchException {
        int status = response.status();
        if (status == 304 && basis != null && basis.validators().conditional()) {
            return new Document(basis.keys(), renewed(response, basis.validators()));
        }
        if (status != 200) {
            throw new FetchException(FailureReason.STATUS, "status " + status + " instead of 200");
        }
        byte[] body = response.body();
        if (body.length > maxBytes) {
            throw new FetchException(FailureReason.TOO_LARGE, "the document has more than " + maxBytes + " bytes");
        }
        String digest = sha256(body);
        Validators validators =
                new Validators(field(response, "etag"), field(response, "last-modified"), digest, body.length);
        if (basis != null && basis.validators().digest().equals(digest)) {
            return new Document(basis.keys(), validators);
        }
        return new Document(parser.parse(body), validators);
    }

    private static Validators renewed(OriginResponse response, Validators known) {
        String etag = field(response, "etag");
        String lastModified = field(response, "last-modified");
        return new Validators(
                etag == null ? known.etag() : etag,
                lastModified == null ? known.lastModified() : lastModified,
                known.digest(),
                known.bytes());
    }

    /** A validator that can be sent back; null where there is none, or one that no request could carry. */
    private static @Nullable String field(OriginResponse response, String name) {
        return response.header(name).filter(HeaderFields::isValue).orElse(null);
    }

    private static String sha256(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
