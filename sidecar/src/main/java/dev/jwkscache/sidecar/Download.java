package dev.jwkscache.sidecar;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.List;

/** A document and how it came. */
final class Download {
    private final URI address;
    private final List<URI> redirects;
    private final HttpHeaders headers;
    private final byte[] body;
    private final int transferred;
    private final Duration took;

    Download(URI address, List<URI> redirects, HttpHeaders headers, byte[] body, int transferred, Duration took) {
        this.address = address;
        this.redirects = List.copyOf(redirects);
        this.headers = headers;
        this.body = body;
        this.transferred = transferred;
        this.took = took;
    }

    /** Where it came from in the end. */
    URI address() {
        return address;
    }

    /** Where the redirects led, in order. */
    List<URI> redirects() {
        return redirects;
    }

    /** The headers of the last answer. */
    HttpHeaders headers() {
        return headers;
    }

    /** The content after decompression; not a copy. */
    byte[] body() {
        return body;
    }

    /** The bytes of the content before decompression. */
    int transferred() {
        return transferred;
    }

    /** The time of the whole exchange, redirects and body included. */
    Duration took() {
        return took;
    }
}
