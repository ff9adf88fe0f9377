package dev.jwkscache.testkit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** The content of an answer; spaces that only make it big are produced while it is read and never held in memory. */
final class Payload {
    static final Payload EMPTY = new Payload(new byte[0], 0, new byte[0]);

    private final byte[] head;
    private final long padding;
    private final byte[] tail;

    private Payload(byte[] head, long padding, byte[] tail) {
        this.head = head;
        this.padding = padding;
        this.tail = tail;
    }

    static Payload of(String text) {
        return new Payload(text.getBytes(StandardCharsets.UTF_8), 0, new byte[0]);
    }

    /** Pads a JSON object or array to the given length with spaces before its last bracket, where JSON allows them. */
    static Payload padded(String json, long length) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        int bracket = bytes.length - 1;
        return new Payload(
                Arrays.copyOf(bytes, bracket),
                Math.max(0, length - bytes.length),
                Arrays.copyOfRange(bytes, bracket, bytes.length));
    }

    long length() {
        return head.length + padding + tail.length;
    }

    InputStream open() {
        return new SequenceInputStream(Collections.enumeration(
                List.of(new ByteArrayInputStream(head), new Spaces(padding), new ByteArrayInputStream(tail))));
    }

    byte[] toBytes() {
        try (InputStream content = open()) {
            return content.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    Payload firstHalf() {
        try (InputStream content = open()) {
            return new Payload(content.readNBytes((int) Math.min(Integer.MAX_VALUE, length() / 2)), 0, new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    Payload gzipped() {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (InputStream content = open();
                GZIPOutputStream gzip = new FastGzip(compressed)) {
            content.transferTo(gzip);
        } catch (IOException e) {
            throw new UncheckedIOException("compressing in memory", e);
        }
        return new Payload(compressed.toByteArray(), 0, new byte[0]);
    }

    /** The default level takes several times as long for 100 MiB of spaces, for a gain that no test sees. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(ByteArrayOutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    private static final class Spaces extends InputStream {
        private long left;

        Spaces(long count) {
            this.left = count;
        }

        @Override
        public int read() {
            if (left == 0) {
                return -1;
            }
            left--;
            return ' ';
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (left == 0 && length > 0) {
                return -1;
            }
            int count = (int) Math.min(left, length);
            Arrays.fill(target, offset, offset + count, (byte) ' ');
            left -= count;
            return count;
        }
    }
}
