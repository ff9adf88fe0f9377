package dev.jwkscache.sidecar.configuration;

import dev.jwkscache.JwksCache;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The one table of settings: flags, variables, keys of the file, the usage help and {@code docs/sidecar-settings.md} all
 * come from here. Bounds between two settings are checked by the library and by {@link Checks}.
 */
enum Setting {
    TIME_TO_LIVE(
            ValueKind.SPAN,
            Range.SOME_TIME,
            "600",
            "up to this age keys are fresh; at most max-staleness",
            CacheDraft.span(JwksCache.Builder::timeToLive)),
    REFRESH_INTERVAL(
            ValueKind.SPAN,
            Range.SOME_TIME,
            "half of time-to-live",
            "time between background refreshes, varied by 10 %; at most time-to-live",
            CacheDraft.span(JwksCache.Builder::refreshInterval)),
    FETCH_TIMEOUT(
            ValueKind.SPAN,
            Range.SOME_TIME,
            "5",
            "the one deadline over a whole fetch, body included; at most refresh-interval",
            CacheDraft.span(JwksCache.Builder::fetchTimeout)),
    MAX_STALENESS(
            ValueKind.SPAN,
            Range.SOME_TIME,
            "3600",
            "past this age no key is served, whatever happens; at least time-to-live",
            CacheDraft.span(JwksCache.Builder::maxStaleness)),
    MISS_COOLDOWN(
            ValueKind.SPAN,
            Range.SOME_TIME,
            "10",
            "at most one fetch for unknown kids in this time",
            CacheDraft.span(JwksCache.Builder::missCooldown)),
    MISS_WAIT(
            ValueKind.SPAN,
            Range.ANY_TIME,
            "2",
            "how long a request for an unknown kid waits for that fetch",
            CacheDraft.span(JwksCache.Builder::missWait)),
    STALE_WAIT(
            ValueKind.SPAN,
            Range.ANY_TIME,
            "0",
            "how long a request waits for a refresh before it gets stale keys; 0 for not at all",
            CacheDraft.span(JwksCache.Builder::staleWait)),
    STORE_WAIT(
            ValueKind.SPAN,
            Range.SOME_TIME,
            "0.25",
            "how long a fetch waits for the store before it is made without it",
            CacheDraft.span(JwksCache.Builder::storeWait)),
    MIN_REFRESH_INTERVAL(
            ValueKind.SPAN,
            Range.SOME_TIME,
            "30, or refresh-interval if shorter",
            "the least that the provider's max-age may shorten refresh-interval to; at most refresh-interval",
            CacheDraft.span(JwksCache.Builder::minRefreshInterval)),
    MAX_DOCUMENT_BYTES(
            ValueKind.BYTES,
            Range.of("1", "67108864"),
            "1048576",
            "the most a document of the provider may have after decompression",
            CacheDraft.number(JwksCache.Builder::maxDocumentBytes)),
    MIN_RSA_BITS(
            ValueKind.COUNT,
            Range.of("1024", "16384"),
            "2048",
            "RSA keys with a shorter modulus are skipped",
            CacheDraft.number(JwksCache.Builder::minRsaBits)),
    SIGNATURE_USES(
            ValueKind.WORDS,
            "not enc",
            "sig",
            "the values of use that count as for signatures; add jwt-svid for SPIFFE",
            CacheDraft.on((builder, words) -> builder.signatureUses(Set.of(words.split(" "))))),
    FETCH_BASE(
            ValueKind.ORIGIN,
            "scheme, host and port; https, or http on loopback; only for an issuer",
            "where its name says",
            "where an issuer is reached whose name is not its address",
            CacheDraft.on((builder, origin) -> builder.fetchBase(java.net.URI.create(origin)))),
    ALLOW_PLAIN_HTTP(
            ValueKind.FLAG,
            "on, off",
            "off",
            "plain http beyond loopback; whoever is on the way can then replace the keys",
            CacheDraft.on((builder, on) -> builder.allowPlainHttp(on.equals("on")))),
    TRUSTED_CERTIFICATES(
            ValueKind.PATH,
            "a PEM file",
            "those of the Java",
            "these certificates are trusted and no others; read again whenever the file has changed",
            CacheDraft.transport((transport, file) -> transport.trustedCertificates(Path.of(file)))),
    PROXY(
            ValueKind.HOST_PORT,
            "host and port",
            "that of the Java",
            "the HTTP proxy on the way to the provider",
            CacheDraft.transport((transport, address) -> transport.proxy(OneProxy.at(address)))),
    HEADER(
            ValueKind.HEADERS,
            "NAME: VALUE; no flag, which every user of the machine could read",
            "none",
            "header fields of every request to the provider; one a line in the variable, a map in the file",
            CacheDraft.transport(CacheDraft::headers)),
    BEARER_TOKEN_FILE(
            ValueKind.PATH,
            "a file",
            "none",
            "Authorization: Bearer with the content of this file, read before each fetch",
            CacheDraft.transport((transport, file) -> transport.bearerTokenFile(Path.of(file)))),

    HOST(ValueKind.HOST, "a name or an IP address", "127.0.0.1", "where clients ask for keys"),
    PORT(ValueKind.PORT, Range.of("0", "65535"), "8090", "where clients ask for keys; 0 for any free one"),
    BASE_ADDRESS(
            ValueKind.ORIGIN,
            "scheme, host and port",
            "where the request came to",
            "where clients reach the key server, for the jwks_uri in the metadata that it serves"),
    MANAGEMENT_HOST(
            ValueKind.HOST,
            "a name or an IP address; beyond loopback only with management-token-file",
            "127.0.0.1",
            "where the status page, health and metrics are"),
    MANAGEMENT_PORT(
            ValueKind.PORT,
            Range.of("0", "65535"),
            "9090",
            "where the status page, health and metrics are; 0 for any free one"),
    MANAGEMENT_TOKEN_FILE(
            ValueKind.PATH,
            "a file whose first line has 16 or more characters",
            "none",
            "holds the token that the management server asks for beyond loopback"),
    STORE(
            ValueKind.CHOICE,
            "folder, redis, none",
            "redis if store-redis is set, else folder",
            "where the last good key set is kept for a restart or for a fleet"),
    STORE_FOLDER(ValueKind.PATH, "a folder", "snapshots in the state folder", "the folder of the store"),
    STORE_REDIS(
            ValueKind.ADDRESSES,
            "redis://, rediss:// or redis-sentinel://; no password in the flag",
            "none",
            "the Redis or Valkey of the store; several addresses only with store-redis-cluster"),
    STORE_REDIS_CLUSTER(ValueKind.FLAG, "on, off", "off", "store-redis names nodes of a cluster"),
    STORE_REDIS_KEY_PREFIX(
            ValueKind.TEXT, "1 to 100 visible ASCII characters", "jwks-cache", "what names in Redis begin with"),
    STORE_REDIS_TRUST_STORE(
            ValueKind.FLAG,
            "on, off",
            "off",
            "keep snapshots in Redis unsigned: whoever can write there decides which keys are trusted"),
    STORE_HMAC_KEY_FILE(
            ValueKind.PATH,
            "a file of 32 or more random bytes",
            "none",
            "snapshots are signed with this key, and no others are taken"),
    HISTORY(ValueKind.FLAG, "on, off", "on", "write down what was trusted when"),
    HISTORY_FOLDER(ValueKind.PATH, "a folder", "history in the state folder", "the folder of that record"),
    HISTORY_MAX_BYTES(
            ValueKind.BYTES,
            Range.of("4096", "1073741824"),
            "10485760",
            "size of a file of the record, after which the next is begun"),
    HISTORY_MAX_FILES(ValueKind.COUNT, Range.of("1", "10000"), "20", "how many full files of the record are kept"),
    CORS_ORIGINS(
            ValueKind.WORDS,
            "origins such as https://app.example, or *",
            "none",
            "whose pages may read keys from a browser"),
    READY_MARGIN(
            ValueKind.SPAN,
            Range.ANY_TIME,
            "300, or half of the shortest max-staleness if that is less",
            "readiness ends when the keys of a provider expire within this time; below max-staleness"),
    DRAIN_TIME(
            ValueKind.SPAN,
            Range.of("0", "3600"),
            "5",
            "how long a stop waits for requests under way, after readiness has ended"),
    REREAD_WAIT(
            ValueKind.SPAN,
            Range.of("0", "60"),
            "0.25",
            "how long a client that asks for a set again waits for a refresh that it started; 0 for not at all"),
    MAX_CONNECTIONS(
            ValueKind.COUNT,
            Range.of("1", "1000000"),
            "10000",
            "open connections to a server; more are closed at once"),
    IDLE_TIMEOUT(
            ValueKind.SPAN, Range.of("1", "86400"), "60", "a connection without a request is closed after this time"),
    REQUEST_TIMEOUT(
            ValueKind.SPAN, Range.of("0.1", "3600"), "10", "within this time the head of a request must have come"),
    MAX_HEADER_BYTES(
            ValueKind.BYTES,
            Range.of("1024", "1048576"),
            "8192",
            "the most the head of a request may have, its first line included");

    static final String VARIABLES = "JWKS_CACHE_";

    /** The variables of the original module, which the library reads too. */
    private static final Map<Setting, String> ALIASES = Map.of(
            TIME_TO_LIVE, "JWKS_TTL_SECONDS",
            REFRESH_INTERVAL, "JWKS_REFRESH_INTERVAL",
            FETCH_TIMEOUT, "JWKS_FETCH_TIMEOUT",
            MAX_STALENESS, "JWKS_MAX_STALENESS");

    private static final Map<String, Setting> BY_KEY =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Setting::key, Function.identity()));

    private final ValueKind kind;
    private final @Nullable Range range;
    private final String bounds;
    private final String shownDefault;
    private final String description;
    private final CacheDraft.@Nullable Step step;

    Setting(ValueKind kind, Range range, String shownDefault, String description) {
        this(kind, range, range.toString(), shownDefault, description, null);
    }

    Setting(ValueKind kind, String bounds, String shownDefault, String description) {
        this(kind, null, bounds, shownDefault, description, null);
    }

    Setting(ValueKind kind, Range range, String shownDefault, String description, CacheDraft.Step step) {
        this(kind, range, range.toString(), shownDefault, description, step);
    }

    Setting(ValueKind kind, String bounds, String shownDefault, String description, CacheDraft.Step step) {
        this(kind, null, bounds, shownDefault, description, step);
    }

    Setting(
            ValueKind kind,
            @Nullable Range range,
            String bounds,
            String shownDefault,
            String description,
            CacheDraft.@Nullable Step step) {
        this.kind = kind;
        this.range = range;
        this.bounds = bounds;
        this.shownDefault = shownDefault;
        this.description = description;
        this.step = step;
    }

    static Optional<Setting> of(String key) {
        return Optional.ofNullable(BY_KEY.get(key));
    }

    static List<Setting> of(Scope scope) {
        return Arrays.stream(values())
                .filter(setting -> setting.scope() == scope)
                .toList();
    }

    /** As users write it, in the file and after {@code --}. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The option; none where a value may be a secret. */
    Optional<String> flag() {
        return this == HEADER ? Optional.empty() : Optional.of("--" + key());
    }

    String variable() {
        return VARIABLES + name();
    }

    /** The second variable that means the same. */
    Optional<String> alias() {
        return Optional.ofNullable(ALIASES.get(this));
    }

    ValueKind kind() {
        return kind;
    }

    Scope scope() {
        return step == null ? Scope.PROCESS : Scope.CACHE;
    }

    /** For numbers. */
    Range range() {
        if (range == null) {
            throw new IllegalStateException(key() + " is no number");
        }
        return range;
    }

    /** For people. */
    String bounds() {
        return bounds;
    }

    /** For people; where it begins with a number, that is the default unless other settings ask for less. */
    String shownDefault() {
        return shownDefault;
    }

    String description() {
        return description;
    }

    /** Whether a value may hold what nobody else may know. */
    boolean isSecret() {
        return this == HEADER || this == STORE_REDIS;
    }

    /** Puts a value in its canonical form on a cache that is being set up. */
    void put(CacheDraft draft, String value) {
        if (step == null) {
            throw new IllegalArgumentException(key() + " is no setting of a cache");
        }
        step.accept(draft, value);
    }

    /** The name that messages of the library have for it. */
    String nameInLibrary() {
        StringBuilder camel = new StringBuilder();
        for (String word : key().split("-")) {
            camel.append(camel.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return camel + alias().map(alias -> " (" + alias + ")").orElse("");
    }
}
