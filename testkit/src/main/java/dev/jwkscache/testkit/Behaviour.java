package dev.jwkscache.testkit;

import dev.jwkscache.testkit.Delivery.Kind;
import dev.jwkscache.testkit.Documents.Content;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ScriptedProvider} does with a request: a healthy answer, or one of the ways in which real providers and
 * what stands before them fail.
 *
 * <p>Immutable; made by the factories and refined by {@link #slow}, {@link #header}, {@link #cacheControl}, {@link
 * #contentType}, {@link #gzipped} and {@link #chunked}, as in {@code Behaviour.withEtag().cacheControl("max-age=60")}.
 * Two behaviours made in the same way are equal. {@link #toString()} is meant for people.
 *
 * <p>A healthy answer has status 200, {@code Content-Type: application/json}, a {@code Date} and no cache headers.
 * Below, «the keys» are whatever the provider publishes (see {@link ScriptedProvider#publish}), its «own keys» those it
 * signs with.
 */
public final class Behaviour {
    private static final Behaviour HEALTHY = new Behaviour(Plan.HEALTHY);

    private final Plan plan;

    private Behaviour(Plan plan) {
        this.plan = plan;
    }

    /** {@return a behaviour that serves the published keys with status 200} */
    public static Behaviour healthy() {
        return HEALTHY;
    }

    /**
     * Refuses connections, like a process that has died.
     *
     * <p>On a socket the port stops listening and every open connection is closed. Such refusals never reach the
     * provider: they are neither recorded nor counted, and {@link ScriptedProvider#behave(Behaviour, int)} rejects this
     * behaviour. In memory they are both.
     *
     * @return a behaviour to which nothing can be added
     */
    public static Behaviour refuse() {
        return delivered("connection refused", Delivery.of(Kind.REFUSED));
    }

    /** {@return a behaviour that reads the request and then resets the connection (RST)} */
    public static Behaviour reset() {
        return delivered("connection reset", Delivery.of(Kind.RESET));
    }

    /** {@return a behaviour that reads the request and then says nothing until the client goes away} */
    public static Behaviour hangBeforeHeaders() {
        return delivered("hang before headers", Delivery.of(Kind.SILENT));
    }

    /** {@return a behaviour that sends headers and half of the body, then nothing until the client goes away} */
    public static Behaviour hangInBody() {
        return delivered("hang in body", Delivery.of(Kind.SILENT_IN_BODY));
    }

    /**
     * Sends the headers at once and the body a few bytes at a time.
     *
     * @param bytes how many bytes at a time, at least 1
     * @param every the time before each of them, more than zero; a socket keeps to it in milliseconds
     * @return a body that takes length / {@code bytes} (rounded up) times {@code every}
     * @throws IllegalArgumentException if {@code bytes} or {@code every} is out of bounds
     */
    public static Behaviour drip(int bytes, Duration every) {
        atLeastOne("the bytes of a drip", bytes);
        if (every.isZero() || every.isNegative()) {
            throw new IllegalArgumentException("the time between drips must be more than zero, but is " + every);
        }
        return delivered("drip " + bytes + " B every " + Plan.seconds(every), new Delivery(Kind.DRIPPED, bytes, every));
    }

    /**
     * Answers with the given status: the keys for 200 to 299, nothing for 204, 205 and 304, else an error document.
     *
     * @param status from 200 to 599
     * @return a behaviour with that status; a 304 comes whether the client asked for it or not
     * @throws IllegalArgumentException if {@code status} is out of bounds
     */
    public static Behaviour status(int status) {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("a status must be from 200 to 599, but is " + status);
        }
        boolean empty = status == 204 || status == 205 || status == 304;
        Content content = empty ? Content.NOTHING : status < 300 ? Content.PUBLISHED : Content.ERROR;
        return answering("status " + status, status, content, 0);
    }

    /**
     * Answers with the given status and a {@code Retry-After} header.
     *
     * @param status from 200 to 599
     * @param retryAfter sent in whole seconds, rounded up; not negative
     * @return a behaviour with that status
     * @throws IllegalArgumentException if {@code status} or {@code retryAfter} is out of bounds
     */
    public static Behaviour status(int status, Duration retryAfter) {
        notNegative("Retry-After", retryAfter);
        long roundedUp = retryAfter.plusNanos(999_999_999).toSeconds();
        return status(status).header("Retry-After", Long.toString(roundedUp));
    }

    /**
     * Answers 429 with a {@code Retry-After} header (RFC 6585 section 4).
     *
     * @param retryAfter sent in whole seconds, rounded up; not negative
     * @return status 429
     * @throws IllegalArgumentException if {@code retryAfter} is negative
     */
    public static Behaviour tooManyRequests(Duration retryAfter) {
        return status(429, retryAfter);
    }

    /** {@return a behaviour that answers 200 with an HTML login page, as captive portals and misrouted proxies do} */
    public static Behaviour html() {
        return answering("HTML login page", 200, Content.HTML, 0);
    }

    /** {@return a behaviour that answers 200 with <code>{"keys":[]}</code>} */
    public static Behaviour emptySet() {
        return answering("empty set", 200, Content.EMPTY_SET, 0);
    }

    /** {@return a behaviour that answers 200 with an error object, which has no <code>keys</code>} */
    public static Behaviour noKeys() {
        return answering("error object with status 200", 200, Content.NO_KEYS, 0);
    }

    /** {@return a behaviour that answers 200 with the bare array of the provider's own keys} */
    public static Behaviour jsonArray() {
        return answering("JSON array", 200, Content.JSON_ARRAY, 0);
    }

    /**
     * {@return a behaviour that answers 200 with the first half of the document, and a {@code Content-Length} to match}
     */
    public static Behaviour truncated() {
        return answering("truncated JSON", 200, Content.TRUNCATED, 0);
    }

    /** {@return a behaviour that announces the whole document and closes the connection after half of it} */
    public static Behaviour cutOff() {
        return delivered("cut off in body", Delivery.of(Kind.CUT_OFF));
    }

    /** {@return a behaviour that serves the provider's own keys and an RSA entry without n, kid scripted-without-n} */
    public static Behaviour oneBadKey() {
        return answering("one bad key", 200, Content.ONE_BAD_KEY, 0);
    }

    /**
     * Serves the provider's own keys and four entries that no verifier should use: {@code kty} XYZ, secp256k1, a
     * symmetric key and an encryption key (kids {@code scripted-unknown-kty}, {@code -secp256k1}, {@code -symmetric},
     * {@code -encryption}).
     *
     * @return status 200
     */
    public static Behaviour unknownKty() {
        return answering("unknown key types", 200, Content.UNKNOWN_KTY, 0);
    }

    /** {@return a behaviour that serves a set whose only key is an RSA key with use enc} */
    public static Behaviour onlyEncryptionKeys() {
        return answering("only encryption keys", 200, Content.ONLY_ENCRYPTION_KEYS, 0);
    }

    /**
     * {@return a behaviour that serves the own keys with private members of the RSA ones, of which it adds one if there
     * is none}
     */
    public static Behaviour privateMembers() {
        return answering("private members", 200, Content.PRIVATE_MEMBERS, 0);
    }

    /**
     * Serves the keys, padded with spaces: a valid document that only a limit on size refuses.
     *
     * @param bytes the length of the body (a longer document stays as it is), at least 1; a socket streams them
     * @return status 200
     * @throws IllegalArgumentException if {@code bytes} is less than 1
     */
    public static Behaviour oversize(int bytes) {
        atLeastOne("the size", bytes);
        return answering("oversize, " + bytes + " B", 200, Content.PADDED, bytes);
    }

    /**
     * Does what {@link #oversize} does without announcing the length.
     *
     * @param bytes the length of the body, at least 1
     * @return status 200, {@code Transfer-Encoding: chunked}
     * @throws IllegalArgumentException if {@code bytes} is less than 1
     */
    public static Behaviour chunkedOversize(int bytes) {
        return oversize(bytes).chunked();
    }

    /** {@return {@code healthy().gzipped()}} */
    public static Behaviour gzip() {
        return HEALTHY.gzipped();
    }

    /**
     * Serves the keys in about 100 to 500 kB that unpack to 100 MiB: a valid document that only a limit on the unpacked
     * size refuses.
     *
     * @return status 200, {@code Content-Encoding: gzip}
     */
    public static Behaviour gzipBomb() {
        return answering("gzip bomb", 200, Content.PADDED, Documents.GZIP_BOMB_SIZE)
                .gzipped();
    }

    /**
     * Answers with an object whose {@code keys} is an array in an array, and so on.
     *
     * @param depth how many arrays, at least 1
     * @return status 200, valid JSON
     * @throws IllegalArgumentException if {@code depth} is less than 1
     */
    public static Behaviour deepNesting(int depth) {
        atLeastOne("the depth", depth);
        return answering("nesting " + depth + " deep", 200, Content.DEEP_NESTING, depth);
    }

    /**
     * {@return a behaviour that redirects (302) to {@code /moved.json} of the provider, which always serves the keys}
     */
    public static Behaviour redirectSameOrigin() {
        return redirect("redirect to the same origin", Responder.MOVED_PATH);
    }

    /**
     * Redirects to any address.
     *
     * @param target sent as it is
     * @return status 302
     */
    public static Behaviour redirectTo(URI target) {
        return redirect("redirect", target.toString());
    }

    /**
     * {@return a behaviour that redirects (302) to {@code /loop.json} of the provider, which redirects to itself for
     * ever}
     */
    public static Behaviour redirectLoop() {
        return redirect("redirect loop", Responder.LOOP_PATH);
    }

    /**
     * Serves the keys with a strong {@code ETag} and a {@code Last-Modified}, and answers 304 when {@code
     * If-None-Match} has that tag (RFC 9110 section 13.1.2).
     *
     * @return status 200 or 304
     */
    public static Behaviour withEtag() {
        return new Behaviour(Plan.HEALTHY.named("healthy with ETag").validatedBy(Plan.Validator.ETAG));
    }

    /**
     * Serves the keys with a {@code Last-Modified} and no {@code ETag}, and answers 304 when {@code If-Modified-Since}
     * is not earlier (RFC 9110 section 13.1.3); in whole seconds, so a change within the same second goes unseen.
     *
     * @return status 200 or 304
     */
    public static Behaviour withLastModified() {
        return new Behaviour(
                Plan.HEALTHY.named("healthy with Last-Modified").validatedBy(Plan.Validator.LAST_MODIFIED));
    }

    /**
     * Adds a time that passes before anything is sent; the answer is the one of the moment when the request came.
     *
     * @param beforeHeaders not negative; replaces an earlier one
     * @return this behaviour, slower
     * @throws IllegalArgumentException if {@code beforeHeaders} is negative
     * @throws IllegalStateException if this is {@link #refuse()}
     */
    public Behaviour slow(Duration beforeHeaders) {
        notNegative("the time before headers", beforeHeaders);
        requireConnection();
        return new Behaviour(plan.delayed(beforeHeaders));
    }

    /**
     * Adds a header to the answer.
     *
     * @param headerName replaces a header of that name, in any case
     * @param value without line breaks
     * @return this behaviour with the header
     * @throws IllegalArgumentException if the name is not a token, the value has a control character, or the header is
     *     {@code Content-Length}, {@code Transfer-Encoding} or {@code Connection}, which follow from the other settings
     * @throws IllegalStateException if this behaviour sends no headers
     */
    public Behaviour header(String headerName, String value) {
        if (!headerName.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")
                || headerName.matches("(?i)content-length|transfer-encoding|connection")) {
            throw new IllegalArgumentException("the header " + headerName
                    + " cannot be set: it is no header name, or one that the server sets itself (see chunked, cutOff)");
        }
        if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 127)) {
            throw new IllegalArgumentException("the value of " + headerName + " must not have control characters");
        }
        if (!plan.delivery().showsHeaders()) {
            throw new IllegalStateException("\"" + this + "\" sends no headers, so it cannot send " + headerName);
        }
        return new Behaviour(plan.withHeader(headerName, value));
    }

    /**
     * Adds a {@code Cache-Control} header.
     *
     * @param value for example {@code max-age=60}
     * @return this behaviour with the header
     * @throws IllegalArgumentException as {@link #header}
     * @throws IllegalStateException as {@link #header}
     */
    public Behaviour cacheControl(String value) {
        return header("Cache-Control", value);
    }

    /**
     * Sets the {@code Content-Type} header.
     *
     * @param value for example {@code application/jwk-set+json}
     * @return this behaviour with the header
     * @throws IllegalArgumentException as {@link #header}
     * @throws IllegalStateException as {@link #header}
     */
    public Behaviour contentType(String value) {
        return header("Content-Type", value);
    }

    /** {@return this behaviour with the content gzip-encoded, whatever the request accepts} */
    public Behaviour gzipped() {
        requireConnection();
        return new Behaviour(plan.gzipped());
    }

    /** {@return this behaviour with the body in chunks and no length (RFC 9112 section 7.1); no change in memory} */
    public Behaviour chunked() {
        requireConnection();
        return new Behaviour(plan.chunkedBody());
    }

    Plan plan() {
        return plan;
    }

    boolean refuses() {
        return plan.delivery().kind() == Kind.REFUSED;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Behaviour that && plan.equals(that.plan);
    }

    @Override
    public int hashCode() {
        return plan.hashCode();
    }

    /** Returns a short description, for example {@code status 503 after 2 s, Retry-After: 30}. */
    @Override
    public String toString() {
        return plan.describe();
    }

    private static Behaviour answering(String name, int status, Content content, int size) {
        return new Behaviour(Plan.HEALTHY.named(name).answering(status, content, size));
    }

    private static Behaviour delivered(String name, Delivery delivery) {
        return new Behaviour(Plan.HEALTHY.named(name).delivered(delivery));
    }

    private static Behaviour redirect(String name, String target) {
        return answering(name, 302, Content.NOTHING, 0).header("Location", target);
    }

    private void requireConnection() {
        if (refuses()) {
            throw new IllegalStateException(
                    "nothing can be added to a refused connection: start from another behaviour");
        }
    }

    private static void atLeastOne(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " must be at least 1, but is " + value);
        }
    }

    private static void notNegative(String what, Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(what + " must not be negative, but is " + duration);
        }
    }
}
