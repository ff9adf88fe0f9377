package dev.jwkscache.sidecar.management;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/**
 * What is at a path, and who may have it.
 *
 * @param action whether it changes something, so that it is asked for with POST; else with GET or HEAD
 * @param open whether it is for everybody; else a token is needed where there is one
 * @param handler answers
 */
record Route(boolean action, boolean open, Handler<HttpServerRequest> handler) {

    /** Something to read that tells nothing of the providers. */
    static Route open(Handler<HttpServerRequest> handler) {
        return new Route(false, true, handler);
    }

    /** Something to read. */
    static Route read(Handler<HttpServerRequest> handler) {
        return new Route(false, false, handler);
    }

    static Route action(Handler<HttpServerRequest> handler) {
        return new Route(true, false, handler);
    }

    boolean takes(HttpMethod method) {
        return action
                ? method.equals(HttpMethod.POST)
                : method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    }

    /** The value of {@code Allow} (RFC 9110 §10.2.1). */
    String methods() {
        return action ? "POST" : "GET, HEAD";
    }
}
