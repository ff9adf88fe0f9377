package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jwkscache.JwksCacheListener.RefreshFailed;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.RecordedRequest;
import dev.jwkscache.testkit.ScriptedProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A cache that is told only its issuer, over real sockets. */
class IssuerTest {
    private static final String ALG = "ES256";
    private static final String OPENID = "/.well-known/openid-configuration";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ScriptedProvider provider = ScriptedProvider.start(ALG);
    private final BlockingQueue<RefreshFailed> failures = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void findsTheKeysByTheIssuerAlone() {
        try (JwksCache cache = build(forIssuer(provider.issuer()))) {
            cache.start();

            assertThat(cache.key(provider.current(ALG).kid(), ALG).kid())
                    .contains(provider.current(ALG).kid());
            assertThat(cache.status().address()).isEqualTo(provider.issuer());
            assertThat(provider.requests()).extracting(RecordedRequest::path).containsExactly(OPENID, "/jwks.json");
        }
    }

    @Test
    void anIssuerThatIsReachedElsewhereIsNeverConnectedTo() {
        String name = "https://sso.example";
        provider.publishDiscovery(metadata(name, name + "/jwks.json"));
        Connections connections = new Connections();
        JwksCache.Builder builder = forIssuer(URI.create(name))
                .fetchBase(provider.issuer())
                .transport(Transport.standard().proxy(connections));
        try (JwksCache cache = build(builder)) {
            cache.start();

            assertThat(cache.key(provider.current(ALG).kid(), ALG)).isNotNull();
            assertThat(cache.status().address()).isEqualTo(URI.create(name));
            assertThat(connections.hosts).containsExactly(provider.issuer().getAuthority());
        }
    }

    @Test
    void aFetchBaseChangesNothingAboutWhichIssuerIsBelieved() {
        JwksCache.Builder builder = forIssuer(URI.create("https://sso.example")).fetchBase(provider.issuer());
        try (JwksCache cache = build(builder)) {
            assertThatThrownBy(cache::start)
                    .isInstanceOf(KeysUnavailableException.class)
                    .hasMessageContainingAll("metadata", provider.issuer().toString(), "https://sso.example");
            assertThat(provider.requestCount()).isZero();
        }
    }

    @Test
    void aJwksUriThatMovedIsFoundByItself() throws Exception {
        CompletableFuture<Void> moved = new CompletableFuture<>();
        JwksCache.Builder builder = forIssuer(provider.issuer())
                .missCooldown(Duration.ofMillis(1))
                .random(() -> 0)
                .listener(new JwksCacheListener() {
                    @Override
                    public void refreshed(Refreshed event) {
                        if (event.keys().size() == 2) {
                            moved.complete(null);
                        }
                    }
                });
        try (JwksCache cache = build(builder)) {
            cache.start();
            provider.behave(Behaviour.status(404));
            provider.publishDiscovery(metadata(
                    provider.issuer().toString(),
                    provider.issuer().resolve("/moved.json").toString()));
            String kid = provider.rotate(ALG).kid();

            assertThat(cache.refresh()).failsWithin(PATIENCE);
            assertThat(moved).succeedsWithin(PATIENCE);

            assertThat(cache.key(kid, ALG).kid()).contains(kid);
            assertThat(failures).hasSize(IssuerOrigin.FAILURES_TO_DOUBT);
            assertThat(provider.requests()).extracting(RecordedRequest::path).contains("/moved.json");
        }
    }

    static Stream<Arguments> badMetadata() {
        return Stream.of(
                Arguments.of(Behaviour.status(500), FailureReason.STATUS),
                Arguments.of(Behaviour.status(404), FailureReason.STATUS),
                Arguments.of(Behaviour.html(), FailureReason.METADATA),
                Arguments.of(Behaviour.truncated(), FailureReason.METADATA),
                Arguments.of(Behaviour.emptySet(), FailureReason.METADATA),
                Arguments.of(Behaviour.deepNesting(100_000), FailureReason.METADATA),
                Arguments.of(Behaviour.oversize(2 << 20), FailureReason.TOO_LARGE),
                Arguments.of(Behaviour.gzipBomb(), FailureReason.TOO_LARGE),
                Arguments.of(Behaviour.reset(), FailureReason.IO),
                Arguments.of(Behaviour.redirectLoop(), FailureReason.REDIRECT),
                Arguments.of(Behaviour.redirectTo(URI.create("http://127.0.0.1:1/")), FailureReason.REDIRECT));
    }

    @ParameterizedTest
    @MethodSource("badMetadata")
    void eachFaultOfMetadataIsAFailedRefreshWithItsReason(Behaviour behaviour, FailureReason reason) throws Exception {
        provider.behaveAtDiscovery(behaviour);
        try (JwksCache cache = build(forIssuer(provider.issuer()))) {
            assertThatThrownBy(cache::start)
                    .isInstanceOf(KeysUnavailableException.class)
                    .hasMessageContaining(provider.issuer() + OPENID);

            assertThat(failures.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .satisfies(failed -> assertThat(failed.failure().reason()).isEqualTo(reason));
            assertThat(provider.requestCount()).isZero();
        }
    }

    static Stream<Behaviour> hangs() {
        return Stream.of(Behaviour.hangBeforeHeaders(), Behaviour.drip(1, Duration.ofMillis(20)));
    }

    @ParameterizedTest
    @MethodSource("hangs")
    void theDeadlineAndCloseEndAnExchangeAboutMetadataForReal(Behaviour behaviour) throws Exception {
        provider.behaveAtDiscovery(behaviour);
        try (JwksCache cache = build(forIssuer(provider.issuer()).fetchTimeout(Duration.ofSeconds(1)))) {
            cache.startAsync();

            assertThat(failures.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .satisfies(failed -> assertThat(failed.failure().reason()).isEqualTo(FailureReason.TIMEOUT));
        }
        assertThat(provider.allConnectionsClosed()).succeedsWithin(PATIENCE);
    }

    @Test
    void headerFieldsDoNotFollowTheKeysToAnotherOrigin() {
        try (ScriptedProvider elsewhere = ScriptedProvider.start(ALG)) {
            provider.publishDiscovery(
                    metadata(provider.issuer().toString(), elsewhere.jwksUri().toString()));
            Transport secret = Transport.standard().header("Authorization", () -> "Bearer secret");
            try (JwksCache cache = build(forIssuer(provider.issuer()).transport(secret))) {
                cache.start();
            }
            assertThat(provider.requests())
                    .singleElement()
                    .satisfies(request ->
                            assertThat(request.header("Authorization")).isEqualTo("Bearer secret"));
            assertThat(elsewhere.requests()).singleElement().satisfies(request -> {
                assertThat(request.header("Authorization")).isNull();
                assertThat(request.header("User-Agent")).isEqualTo("jwks-cache");
            });
        }
    }

    @Test
    void headerFieldsGoWithTheKeysOfTheSameOrigin() {
        Transport secret = Transport.standard().header("Authorization", () -> "Bearer secret");
        try (JwksCache cache = build(forIssuer(provider.issuer()).transport(secret))) {
            cache.start();
        }
        assertThat(provider.requests())
                .hasSize(2)
                .allSatisfy(
                        request -> assertThat(request.header("Authorization")).isEqualTo("Bearer secret"));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "http://idp.example, none, the issuer http://idp.example is plain http",
                "https://idp.example?tenant=1, none, has a query",
                "https://idp.example#x, none, has a fragment",
                "https://u:p@idp.example, none, holds a user name",
                "idp.example, none, the issuer idp.example is no http or https address",
                "https://idp.example, http://keycloak:8080, the fetchBase http://keycloak:8080 is plain http",
                "https://idp.example, https://keycloak/auth, 'the fetchBase https://keycloak/auth has a path or a query'",
                "https://idp.example, https://keycloak?x=1, has a path or a query",
                "https://idp.example, keycloak:8080, the fetchBase keycloak:8080 is no http or https address"
            })
    void namesAndAddressesThatCannotBeAreRefused(URI issuer, URI fetchBase, String fault) {
        JwksCache.Builder builder = JwksCache.forIssuer(issuer);
        if (fetchBase != null) {
            builder.fetchBase(fetchBase);
        }

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(fault);
    }

    @Test
    void aPlainNameIsNoFaultWhereItIsReachedOverTls() {
        try (JwksCache cache = JwksCache.forIssuer(URI.create("http://sso.example/realms/r"))
                .fetchBase(URI.create("https://keycloak.example/"))
                .build()) {
            assertThat(cache.status().address()).isEqualTo(URI.create("http://sso.example/realms/r"));
        }
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() {
        assertThatThrownBy(() -> JwksCache.builder(provider.jwksUri())
                        .fetchBase(provider.issuer())
                        .build())
                .hasMessageContainingAll("fetchBase is set to " + provider.issuer(), "forIssuer");
        assertThatThrownBy(() -> JwksCache.forIssuer(provider.issuer())
                        .origin(request -> new CompletableFuture<>())
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("origin is set", "forIssuer");
    }

    /** Patient, for machines that do much else. */
    private static JwksCache.Builder forIssuer(URI issuer) {
        return JwksCache.forIssuer(issuer).fetchTimeout(PATIENCE);
    }

    private JwksCache build(JwksCache.Builder builder) {
        return builder.listener(new JwksCacheListener() {
                    @Override
                    public void refreshFailed(RefreshFailed event) {
                        failures.add(event);
                    }
                })
                .build();
    }

    private static String metadata(String issuer, String jwksUri) {
        return "{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"" + jwksUri + "\"}";
    }

    /** Notes where connections go, and lets them. */
    private static final class Connections extends ProxySelector {
        final Set<String> hosts = new ConcurrentSkipListSet<>();

        @Override
        public List<Proxy> select(URI address) {
            hosts.add(address.getAuthority());
            return List.of(Proxy.NO_PROXY);
        }

        @Override
        public void connectFailed(URI address, SocketAddress socket, IOException failure) {
            hosts.add(((InetSocketAddress) socket).getHostString());
        }
    }
}
