package dev.jwkscache.sidecar.serving;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;

/** Something to be served, in both ways of sending it. Immutable. */
final class Document {
    private static final int TAG_BYTES = 16;

    private final String type;
    private final Variant plain;
    private final Variant gzip;

    /** One way of sending it, with its strong entity tag (RFC 9110 §8.8.3). */
    static final class Variant {
        private final byte[] body;
        private final String tag;

        private Variant(byte[] body, String tag) {
            this.body = body;
            this.tag = '"' + tag + '"';
        }

        byte[] body() {
            return body;
        }

        /** Quoted. */
        String tag() {
            return tag;
        }
    }

    Document(String type, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        String tag = digest(bytes);
        this.type = type;
        this.plain = new Variant(bytes, tag);
        this.gzip = new Variant(compressed(bytes), tag + "-gzip");
    }

    /** The media type. */
    String type() {
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
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, TAG_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
