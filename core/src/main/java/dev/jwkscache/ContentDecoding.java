package dev.jwkscache;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** Undoes a content encoding (RFC 9110 §8.4) without ever unpacking more than the limit. */
final class ContentDecoding {
    private ContentDecoding() {}

    static byte[] decode(String encoding, byte[] content, int maxBytes) throws FetchException {
        return switch (encoding.strip().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> content;
            case "gzip", "x-gzip" -> gunzip(content, maxBytes);
            default ->
                throw new FetchException(
                        FailureReason.ENCODING, "content encoding " + SafeText.quoted(encoding) + " was not asked for");
        };
    }

    private static byte[] gunzip(byte[] content, int maxBytes) throws FetchException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(content))) {
            byte[] plain = in.readNBytes(maxBytes);
            if (in.read() >= 0) {
                throw new FetchException(
                        FailureReason.TOO_LARGE, "the document has more than " + maxBytes + " bytes when unpacked");
            }
            return plain;
        } catch (IOException e) {
            throw new FetchException(FailureReason.ENCODING, "the content is no valid gzip");
        }
    }
}
