package dev.jwkscache.sidecar.serving;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;

/** Something to be served, with all that can be made ready before anybody asks. Immutable. */
final class Document {
    private static final int TAG_BYTES = 16;

    private final CharSequence type;
    private final Variant plain;
    private final Variant gzip;

    /**
     * One way to send it.
     *
     * @param tag its strong entity tag (RFC 9110 §8.8.3), quoted
     */
    record Variant(Buffer body, CharSequence length, CharSequence tag) {
        static Variant of(byte[] body, String tag) {
            return new Variant(
                    Buffer.buffer(body),
                    HttpHeaders.createOptimized(String.valueOf(body.length)),
                    HttpHeaders.createOptimized('"' + tag + '"'));
        }
    }

    Document(String type, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        String tag = digest(bytes);
        this.type = HttpHeaders.createOptimized(type);
        this.plain = Variant.of(bytes, tag);
        this.gzip = Variant.of(compressed(bytes), tag + "-gzip");
    }

    CharSequence type() {
        return type;
    }

    Variant variant(boolean compressed) {
        return compressed ? gzip : plain;
    }

    /** Whether a client has it already, in either way of sending: by weak comparison (RFC 9110 §13.1.2). */
    boolean isOneOf(String ifNoneMatch) {
        return EntityTags.name(ifNoneMatch, plain.tag()) || EntityTags.name(ifNoneMatch, gzip.tag());
    }

    private static byte[] compressed(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return out.toByteArray();
    }

    private static String digest(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            byte[] start = java.util.Arrays.copyOf(digest, TAG_BYTES);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(start);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
