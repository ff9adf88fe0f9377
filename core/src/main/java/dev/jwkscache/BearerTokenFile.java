package dev.jwkscache;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a bearer token (RFC 6750 §2.1) from a file, anew for each request, because such files are rotated on disk. */
record BearerTokenFile(Path file) implements Transport.FieldValue {
    private static final int MAX_BYTES = 16 << 10;

    @Override
    public String get() throws FetchException {
        byte[] content;
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes(MAX_BYTES);
        } catch (IOException | RuntimeException e) {
            throw failure("cannot be read (" + e.getClass().getSimpleName() + ")");
        }
        String token = new String(content, StandardCharsets.ISO_8859_1).strip();
        if (token.isEmpty()) {
            throw failure("is empty");
        }
        if (!token.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw failure("holds something else than one bearer token");
        }
        return "Bearer " + token;
    }

    private FetchException failure(String fault) {
        return new FetchException(
                FailureReason.REQUEST, "the token file " + SafeText.quoted(file.toString()) + " " + fault);
    }
}
