package dev.jwkscache.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Serves the requests of one connection, one after the other, as their answers say. */
final class HttpConnection implements OpenConnections.Connection {
    private final Socket socket;
    private final Responder responder;
    private final OpenConnections connections;
    private final SocketInput in;
    private final OutputStream out;

    HttpConnection(Socket socket, Responder responder, OpenConnections connections) throws IOException {
        this.socket = socket;
        this.responder = responder;
        this.connections = connections;
        socket.setTcpNoDelay(true);
        this.in = new SocketInput(socket);
        this.out = socket.getOutputStream();
    }

    void serve() {
        try {
            boolean goOn = true;
            while (goOn) {
                goOn = serveNext();
            }
        } catch (IOException e) {
            // The client is gone or the provider is being closed: there is nobody left to tell.
            return;
        } finally {
            end();
        }
    }

    /** Closes the socket, which also wakes the thread that reads or writes it. */
    @Override
    public void end() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("a connection did not close", e);
        } finally {
            connections.remove(this);
        }
    }

    private boolean serveNext() throws IOException {
        try {
            HttpRequest request = HttpRequest.read(in);
            if (request == null) {
                return false;
            }
            Answer answer = responder.respond(request.method(), request.path(), request.headers());
            return deliver(answer, request);
        } catch (HttpRequest.Unacceptable e) {
            Payload reason = Payload.of(e.getMessage() + "\n");
            Answer refusal = new Answer(
                    e.status(),
                    Map.of("Content-Type", List.of("text/plain; charset=utf-8")),
                    reason,
                    false,
                    Duration.ZERO,
                    Delivery.COMPLETE);
            return deliver(refusal, new HttpRequest("GET", "", false, Map.of()));
        }
    }

    /** Returns whether the connection is good for another request. */
    private boolean deliver(Answer answer, HttpRequest request) throws IOException {
        if (!answer.delay().isZero() && in.closesWithin(answer.delay())) {
            return false;
        }
        switch (answer.delivery().kind()) {
            // A refusal gets here only when it is scripted while a request is on its way.
            case REFUSED, RESET -> {
                socket.setSoLinger(true, 0);
                return false;
            }
            case SILENT -> {
                in.awaitClose();
                return false;
            }
            default -> {
                boolean chunked = answer.chunked() && answer.mayHaveContent() && request.modern();
                boolean open = request.keepsAlive();
                out.write(HttpRequest.encodeHead(head(answer, chunked, open)));
                if (request.method().equals("HEAD") || !answer.mayHaveContent()) {
                    return open;
                }
                return deliverBody(answer, chunked) && open;
            }
        }
    }

    private boolean deliverBody(Answer answer, boolean chunked) throws IOException {
        OutputStream body = chunked ? new ChunkedOutput(out) : out;
        try (InputStream content = answer.payload().open()) {
            switch (answer.delivery().kind()) {
                case SILENT_IN_BODY -> {
                    answer.payload().firstHalf().open().transferTo(body);
                    in.awaitClose();
                    return false;
                }
                case CUT_OFF -> {
                    answer.payload().firstHalf().open().transferTo(body);
                    return false;
                }
                case DRIPPED -> {
                    Delivery drip = answer.delivery();
                    for (long left = answer.payload().length(); left > 0; left -= drip.bytes()) {
                        if (in.closesWithin(drip.every())) {
                            return false;
                        }
                        body.write(content.readNBytes(drip.bytes()));
                    }
                }
                default -> content.transferTo(body);
            }
        }
        if (body instanceof ChunkedOutput chunks) {
            chunks.finish();
        }
        return true;
    }

    private static String head(Answer answer, boolean chunked, boolean open) {
        StringBuilder head =
                new StringBuilder("HTTP/1.1 ").append(answer.status()).append(" Scripted\r\n");
        answer.headers()
                .forEach((name, values) -> values.forEach(
                        value -> head.append(name).append(": ").append(value).append("\r\n")));
        if (chunked) {
            head.append("Transfer-Encoding: chunked\r\n");
        } else if (answer.mayHaveContent()) {
            head.append("Content-Length: ").append(answer.payload().length()).append("\r\n");
        }
        if (!open) {
            head.append("Connection: close\r\n");
        }
        return head.append("\r\n").toString();
    }

    /** Writes every piece as a chunk of its own (RFC 9112 section 7.1). */
    private static final class ChunkedOutput extends OutputStream {
        private final OutputStream out;

        ChunkedOutput(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int single) throws IOException {
            write(new byte[] {(byte) single}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length > 0) {
                out.write(HttpRequest.encodeHead(Integer.toHexString(length) + "\r\n"));
                out.write(bytes, offset, length);
                out.write(HttpRequest.encodeHead("\r\n"));
            }
        }

        void finish() throws IOException {
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }
}
