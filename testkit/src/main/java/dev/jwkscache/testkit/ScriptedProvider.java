package dev.jwkscache.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLServerSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * An identity provider whose keys, tokens and faults a test decides.
 *
 * <p>{@link #start()} makes one that serves HTTP on 127.0.0.1; {@link #inMemory} one that answers {@link #exchange}
 * without a network, in virtual time. It publishes its keys at {@link #jwksUri()}, signs tokens with them, answers as
 * the {@link Behaviour} says that is in force, and remembers every request.
 *
 * <p>Thread-safe. The threads of a provider on a socket are daemons; {@link #close()} ends them. The keys are for tests
 * only.
 */
public final class ScriptedProvider implements AutoCloseable {
    private final URI issuer;
    private final String firstAlgorithm;
    private final KeyRing ring;
    private final TokenSigner signer;
    private final Discovery discovery;
    private final Script script = new Script(Behaviour.healthy());
    private final Script discoveryScript = new Script(Behaviour.healthy());
    private final RequestLog log;
    private final Transport transport;

    private ScriptedProvider(
            String issuer, List<String> algorithms, Clock clock, LongSupplier nanoTime, TransportFactory transports) {
        this.issuer = URI.create(issuer);
        this.firstAlgorithm = algorithms.get(0);
        this.ring = new KeyRing(clock);
        this.signer = new TokenSigner(issuer, clock);
        this.discovery = new Discovery(issuer, ring, clock);
        this.log = new RequestLog(clock, nanoTime, Responder.JWKS_PATH);
        algorithms.forEach(this::addKey);
        this.transport = transports.create(new Responder(clock, ring, discovery, script, discoveryScript, log));
        transport.accept(true);
    }

    private interface TransportFactory {
        Transport create(Responder responder);
    }

    /**
     * Starts a provider with one RS256 key on a free port of 127.0.0.1.
     *
     * @return a healthy provider, to be closed
     * @throws UncheckedIOException if no port can be listened on
     */
    public static ScriptedProvider start() {
        return start("RS256");
    }

    /**
     * Starts a provider with one key for each of the given algorithms on a free port of 127.0.0.1.
     *
     * @param algorithms at least one; for the names see {@link #addKey(String)}
     * @return a healthy provider, to be closed
     * @throws IllegalArgumentException if there is none, or one is unknown
     * @throws UnsupportedOperationException if this JDK lacks one
     * @throws UncheckedIOException if no port can be listened on
     */
    public static ScriptedProvider start(String... algorithms) {
        return start("http://127.0.0.1:", ServerSocketFactory.getDefault(), algorithms);
    }

    /**
     * Starts a provider that speaks TLS, at https://localhost and a free port of 127.0.0.1.
     *
     * @param sockets makes the listening sockets, with the certificate to show and the wish for client certificates, if
     *     any; asked again whenever the provider listens anew after a refusal
     * @param algorithms as for {@link #start(String...)}
     * @return a healthy provider, to be closed
     * @throws IllegalArgumentException if there is no algorithm, or one is unknown
     * @throws UnsupportedOperationException if this JDK lacks one
     * @throws UncheckedIOException if no port can be listened on
     */
    public static ScriptedProvider startTls(SSLServerSocketFactory sockets, String... algorithms) {
        return start("https://localhost:", sockets, algorithms);
    }

    private static ScriptedProvider start(String origin, ServerSocketFactory sockets, String... algorithms) {
        List<String> checked = check(algorithms);
        try {
            LoopbackPort port = new LoopbackPort(sockets);
            return new ScriptedProvider(
                    origin + port.number(),
                    checked,
                    Clock.systemUTC(),
                    System::nanoTime,
                    responder -> new HttpServer(port, responder));
        } catch (IOException e) {
            throw new UncheckedIOException("no port of 127.0.0.1 can be bound", e);
        }
    }

    /**
     * Makes a provider without a network and with one RS256 key.
     *
     * @param time the clocks that stamp its tokens and records, and the scheduler of its slow answers
     * @return a healthy provider at https://provider.test
     */
    public static ScriptedProvider inMemory(VirtualTime time) {
        return inMemory(time, "RS256");
    }

    /**
     * Makes a provider without a network and with one key for each of the given algorithms.
     *
     * @param time the clocks that stamp its tokens and records, and the scheduler of its slow answers
     * @param algorithms at least one; for the names see {@link #addKey(String)}
     * @return a healthy provider at https://provider.test
     * @throws IllegalArgumentException if there is none, or one is unknown
     * @throws UnsupportedOperationException if this JDK lacks one
     */
    public static ScriptedProvider inMemory(VirtualTime time, String... algorithms) {
        return new ScriptedProvider(
                "https://provider.test",
                check(algorithms),
                time.wallClock(),
                time.nanoTime(),
                responder -> new MemoryExchanges(responder, time));
    }

    /**
     * Tells whether {@link #addKey(String)} can make a key for an algorithm.
     *
     * @param alg any name
     * @return false for unknown algorithms, and for ML-DSA before Java 24
     */
    public static boolean supports(String alg) {
        Algorithm algorithm = Algorithm.find(alg);
        return algorithm != null && algorithm.supported();
    }

    /** {@return the issuer, without a path and without a slash at its end} */
    public URI issuer() {
        return issuer;
    }

    /** {@return the address of the JWK Set, {@code /jwks.json} of the issuer} */
    public URI jwksUri() {
        return issuer.resolve(Responder.JWKS_PATH);
    }

    /**
     * Adds a key whose kid is its RFC 7638 thumbprint, publishes it and makes it the current one of its algorithm.
     *
     * @param alg RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, Ed25519, Ed448, ML-DSA-44, ML-DSA-65 or
     *     ML-DSA-87; EdDSA means Ed25519. RSA keys of one process share primes: each is different, none is secret.
     * @return the new key
     * @throws IllegalArgumentException if {@code alg} is unknown
     * @throws UnsupportedOperationException if this JDK lacks it
     */
    public SigningKey addKey(String alg) {
        return ring.add(SigningKey.generate(Algorithm.usable(alg)));
    }

    /**
     * Adds a key with a chosen kid, publishes it and makes it the current one of its algorithm.
     *
     * @param alg as for {@link #addKey(String)}
     * @param kid null for a key without kid; need not be different from those of other keys
     * @return the new key
     * @throws IllegalArgumentException if {@code alg} is unknown
     * @throws UnsupportedOperationException if this JDK lacks it
     */
    public SigningKey addKey(String alg, @Nullable String kid) {
        return ring.add(SigningKey.generate(Algorithm.usable(alg), kid));
    }

    /** {@return a new key for the first algorithm that this provider was made with; see {@link #rotate(String)}} */
    public SigningKey rotate() {
        return rotate(firstAlgorithm);
    }

    /**
     * Adds a key for an algorithm; the old keys stay published.
     *
     * @param alg as for {@link #addKey(String)}
     * @return the new key, from now on the current one
     * @throws IllegalArgumentException if {@code alg} is unknown
     * @throws UnsupportedOperationException if this JDK lacks it
     */
    public SigningKey rotate(String alg) {
        return addKey(alg);
    }

    /**
     * Takes every key with the given kid out of the set at once; the newest remaining one of an algorithm is then
     * current.
     *
     * @param kid of at least one key; null takes the keys without kid
     * @throws IllegalArgumentException if no key has it
     */
    public void withdraw(@Nullable String kid) {
        ring.withdraw(kid);
    }

    /**
     * Takes one key out of the set at once; the newest remaining one of its algorithm is then current.
     *
     * @param key of this provider
     * @throws IllegalArgumentException if it is not, or no longer, in the set
     */
    public void withdraw(SigningKey key) {
        ring.withdraw(key);
    }

    /**
     * Publishes a text in place of the keys, until {@link #publishKeys()}; tokens are signed as before.
     *
     * @param rawJson served verbatim in UTF-8, valid or not
     */
    public void publish(String rawJson) {
        ring.publish(rawJson);
    }

    /** Publishes the provider's own keys again after {@link #publish}. */
    public void publishKeys() {
        ring.publish(null);
    }

    /** {@return what is published now: the set of the own keys, or the text given to {@link #publish}} */
    public String document() {
        return ring.document().text();
    }

    /**
     * Publishes a text in place of the metadata at {@code /.well-known/openid-configuration}.
     *
     * @param rawJson served verbatim in UTF-8, valid or not
     */
    public void publishDiscovery(String rawJson) {
        discovery.publish(rawJson);
    }

    /** {@return the keys that are not withdrawn, oldest first; a copy} */
    public List<SigningKey> keys() {
        return ring.keys();
    }

    /**
     * Returns the key that signs tokens of an algorithm: the newest.
     *
     * @param alg as for {@link #addKey(String)}; EdDSA finds Ed25519 and Ed448
     * @return a key of this provider
     * @throws IllegalStateException if there is none
     */
    public SigningKey current(String alg) {
        return ring.current(alg);
    }

    /**
     * {@return {@link #token(String, Map)} with the first algorithm that this provider was made with, without other
     * claims}
     *
     * @throws IllegalStateException if there is no key for it
     */
    public String token() {
        return token(firstAlgorithm);
    }

    /**
     * {@return {@link #token(String, Map)} without other claims}
     *
     * @param alg as for {@link #current}
     * @throws IllegalStateException if there is no key for it
     */
    public String token(String alg) {
        return token(alg, Map.of());
    }

    /**
     * Makes a token with the current key of an algorithm and with claims.
     *
     * @param alg as for {@link #current}
     * @param claims added to {@code iss}, {@code sub}, {@code iat} (now, by the provider's clock) and {@code exp} (an
     *     hour later); replace them where they have the same name, and remove them where they are null. Values are
     *     maps, lists, strings, numbers, booleans, and instants, which become seconds.
     * @return a signed JWT in compact form
     * @throws IllegalStateException if there is no key for {@code alg}
     * @throws IllegalArgumentException if a claim has no JSON form
     */
    public String token(String alg, Map<String, ? extends @Nullable Object> claims) {
        return signer.sign(current(alg), claims);
    }

    /**
     * Makes a token with a given key, which may be withdrawn or of another provider.
     *
     * @param key any key
     * @param claims as for {@link #token(String, Map)}
     * @return a signed JWT in compact form, issued by this provider
     * @throws IllegalArgumentException if a claim has no JSON form
     */
    public String tokenSignedBy(SigningKey key, Map<String, ? extends @Nullable Object> claims) {
        return signer.sign(key, claims);
    }

    /** {@return a token that an attacker could make: a random kid, and noise of the right length for a signature} */
    public String forgedToken() {
        return signer.forge(Algorithm.usable(firstAlgorithm));
    }

    /**
     * Answers every request for the JWK Set in this way from now on; drops what {@link #behaveOnce} and {@link
     * #behave(Behaviour, int)} have left. Answers under way are not affected, except that {@link Behaviour#refuse()}
     * closes all connections.
     *
     * @param standing in force until changed; when this returns, it is
     * @throws IllegalStateException if the provider is closed
     * @throws UncheckedIOException if the port cannot be listened on again after {@link Behaviour#refuse()}
     */
    public void behave(Behaviour standing) {
        script.stand(standing);
        transport.accept(!standing.refuses());
    }

    /**
     * Answers the next requests for the JWK Set in this way, then goes on as before; several calls queue up.
     *
     * @param behaviour not {@link Behaviour#refuse()} on a socket, which sees no refused connection and cannot count
     *     them
     * @param times how many requests, at least 1
     * @throws IllegalArgumentException if {@code times} is less than 1 or {@code behaviour} cannot be counted
     */
    public void behave(Behaviour behaviour, int times) {
        if (times < 1) {
            throw new IllegalArgumentException("the number of requests must be at least 1, but is " + times);
        }
        if (behaviour.refuses() && !(transport instanceof MemoryExchanges)) {
            throw new IllegalArgumentException("refused connections never reach the provider, so " + times
                    + " of them cannot be counted: call behave(refuse()) and later behave(healthy()), or use inMemory");
        }
        script.add(behaviour, times);
    }

    /**
     * Answers the next request for the JWK Set in this way, then goes on as before; several calls queue up.
     *
     * @param behaviour not {@link Behaviour#refuse()} on a socket, which sees no refused connection and cannot count it
     * @throws IllegalArgumentException if {@code behaviour} cannot be counted
     */
    public void behaveOnce(Behaviour behaviour) {
        behave(behaviour, 1);
    }

    /**
     * Answers every request for the discovery document in this way from now on.
     *
     * @param standing not {@link Behaviour#refuse()}, which no single path can do
     * @throws IllegalArgumentException if {@code standing} refuses connections
     */
    public void behaveAtDiscovery(Behaviour standing) {
        if (standing.refuses()) {
            throw new IllegalArgumentException(
                    "one path cannot refuse connections: call behave(refuse()) for all of them");
        }
        discoveryScript.stand(standing);
    }

    /** {@return what the next request for the JWK Set gets} */
    public Behaviour behaviour() {
        return script.peek();
    }

    /** {@return the last 10,000 requests for any path since {@link #clearRequests()}, oldest first; a copy} */
    public List<RecordedRequest> requests() {
        return log.requests();
    }

    /** {@return how many requests for the JWK Set have come since {@link #clearRequests()}} */
    public int requestCount() {
        return log.count();
    }

    /** Forgets the requests so far. */
    public void clearRequests() {
        log.clear();
    }

    /**
     * Waits for the next request for the JWK Set; ask before that request can come.
     *
     * @return completes when it arrives, before it is answered, in the thread that answers it: a stage that blocks
     *     delays the answer. Fails with {@link IllegalStateException} if the provider is closed first.
     */
    public CompletableFuture<RecordedRequest> nextRequest() {
        return log.next();
    }

    /** {@return how many TCP connections, in memory exchanges, are open, idle ones included} */
    public int openConnections() {
        return transport.connections().count();
    }

    /** {@return what completes the next time {@link #openConnections()} is 0, at once if it is now} */
    public CompletableFuture<Void> allConnectionsClosed() {
        return transport.connections().allClosed();
    }

    /**
     * Requests the JWK Set without a network; only for a provider made by {@link #inMemory}.
     *
     * <p>The outcome is decided now. It comes at once, or when virtual time has moved far enough for a slow or dripping
     * answer. Cancelling the future is what closing the connection is on a socket.
     *
     * @param requestHeaders for example {@code If-None-Match}
     * @return the answer; fails with {@link java.net.ConnectException} when refused or after {@link #close()}, with
     *     {@link java.net.SocketException} when reset, with {@link java.io.EOFException} when cut off; never completes
     *     while hanging
     * @throws UnsupportedOperationException if the provider is on a socket
     */
    public CompletableFuture<ProviderResponse> exchange(Map<String, List<String>> requestHeaders) {
        if (transport instanceof MemoryExchanges memory) {
            return memory.exchange(requestHeaders);
        }
        throw new UnsupportedOperationException(
                "this provider listens at " + issuer + ": send it a request, or use ScriptedProvider.inMemory");
    }

    /**
     * Ends the provider: closes its port and all connections, also those that hang; its threads are gone on return. A
     * second call does nothing.
     *
     * @throws IllegalStateException if a thread still runs after 10 s
     */
    @Override
    public void close() {
        try {
            transport.close();
        } finally {
            log.close();
        }
    }

    /** Returns the address, the behaviour in force and the counts. */
    @Override
    public String toString() {
        return "ScriptedProvider[" + jwksUri() + ", " + behaviour() + ", " + keys().size() + " keys, " + requestCount()
                + " requests, " + openConnections() + " open connections]";
    }

    private static List<String> check(String... algorithms) {
        if (algorithms.length == 0) {
            throw new IllegalArgumentException("a provider needs at least one algorithm, for example RS256");
        }
        List<String> names = List.of(algorithms);
        names.forEach(Algorithm::usable);
        return names;
    }
}
