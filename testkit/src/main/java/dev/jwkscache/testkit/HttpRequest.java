package dev.jwkscache.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request (RFC 9112); a body is read and dropped.
 *
 * @param path the target without its query
 * @param modern whether the client speaks HTTP/1.1 and so understands chunks and persistent connections
 */
record HttpRequest(String method, String path, boolean modern, Map<String, List<String>> headers) {
    private static final int MAX_HEAD = 16 * 1024;
    private static final int MAX_BODY = 64 * 1024;

    /** A request that gets an error status and the end of the connection. */
    static final class Unacceptable extends Exception {
        private static final long serialVersionUID = 1;

        private final int status;

        Unacceptable(int status, String reason) {
            super(reason);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /** Reads the next request; null if the client closed the connection instead of sending one. */
    static @Nullable HttpRequest read(SocketInput in) throws IOException, Unacceptable {
        List<String> lines = readHead(in);
        if (lines == null) {
            return null;
        }
        String[] start = lines.get(0).split(" ", -1);
        if (start.length != 3 || !start[1].startsWith("/") || !start[2].matches("HTTP/1\\.[01]")) {
            throw new Unacceptable(400, "no HTTP/1 request line: " + lines.get(0));
        }
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new Unacceptable(400, "no header line: " + line);
            }
            headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        skipBody(in, headers);
        String path = start[1].split("\\?", 2)[0];
        return new HttpRequest(start[0], path, start[2].equals("HTTP/1.1"), Headers.copyOf(headers));
    }

    boolean keepsAlive() {
        String connection = Headers.first(headers, "Connection");
        return modern && (connection == null || !connection.matches("(?i)(.*,)?\\s*close\\s*(,.*)?"));
    }

    private static @Nullable List<String> readHead(SocketInput in) throws IOException, Unacceptable {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (int size = 0; size < MAX_HEAD; size++) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            if (next != '\n') {
                line.append((char) next);
                continue;
            }
            String text = line.toString().stripTrailing();
            line.setLength(0);
            // RFC 9112 section 2.2: empty lines before the request line are ignored.
            if (text.isEmpty() && !lines.isEmpty()) {
                return lines;
            }
            if (!text.isEmpty()) {
                lines.add(text);
            }
        }
        throw new Unacceptable(431, "the request head is longer than " + MAX_HEAD + " bytes");
    }

    private static void skipBody(SocketInput in, Map<String, List<String>> headers) throws IOException, Unacceptable {
        if (headers.containsKey("Transfer-Encoding")) {
            throw new Unacceptable(501, "request bodies in chunks are not read");
        }
        String length = Headers.first(headers, "Content-Length");
        if (length == null) {
            return;
        }
        if (!length.matches("[0-9]{1,9}")) {
            throw new Unacceptable(400, "no length: " + length);
        }
        int left = Integer.parseInt(length);
        if (left > MAX_BODY) {
            throw new Unacceptable(413, "the request body is longer than " + MAX_BODY + " bytes");
        }
        while (left > 0 && in.read() >= 0) {
            left--;
        }
    }

    /** Encodes the head of an answer; field values are ISO 8859-1 as far as HTTP defines them. */
    static byte[] encodeHead(String head) {
        return head.getBytes(StandardCharsets.ISO_8859_1);
    }
}
