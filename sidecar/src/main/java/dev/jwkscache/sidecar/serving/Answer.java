package dev.jwkscache.sidecar.serving;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** An answer, as the bytes of HTTP/1.1 (RFC 9112 §4): made once, sent as often as wanted. Immutable. */
final class Answer implements Outcome {
    private static final byte[] NONE = {};

    private final int status;
    private final String head;
    private final byte[] body;
    private final byte[] whole;
    private final int headLength;

    private Answer(int status, String head, byte[] body) {
        this.status = status;
        this.head = head;
        this.body = body;
        byte[] start = (head + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        this.headLength = start.length;
        this.whole = Arrays.copyOf(start, start.length + body.length);
        System.arraycopy(body, 0, whole, start.length, body.length);
    }

    /** Begins an answer of that status. */
    static Builder of(int status) {
        return new Builder(status);
    }

    int status() {
        return status;
    }

    /** The bytes; {@code onlyHead} for HEAD. */
    ByteBuf bytes(boolean onlyHead) {
        return onlyHead ? Unpooled.wrappedBuffer(whole, 0, headLength) : Unpooled.wrappedBuffer(whole);
    }

    /** The same with one more field, whose value must be fit for one. */
    Answer with(String name, String value) {
        return new Answer(status, head + line(name, value), body);
    }

    private static String line(String name, String value) {
        return name + ": " + value + "\r\n";
    }

    /** Collects what an answer says. */
    static final class Builder {
        private final int status;
        private final StringBuilder head = new StringBuilder(512);

        private Builder(int status) {
            this.status = status;
            head.append("HTTP/1.1 ").append(HttpResponseStatus.valueOf(status)).append("\r\n");
            field("Date", HttpDate.now());
        }

        Builder field(String name, String value) {
            head.append(line(name, value));
            return this;
        }

        Answer body(byte[] bytes) {
            field("Content-Length", String.valueOf(bytes.length));
            return new Answer(status, head.toString(), bytes);
        }

        /** For 204 and 304, which have none. */
        Answer withoutBody() {
            return new Answer(status, head.toString(), NONE);
        }
    }
}
