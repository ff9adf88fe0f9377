package dev.jwkscache.sidecar;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.jwkscache.FailureReason;
import dev.jwkscache.Jwk;
import dev.jwkscache.JwkSet;
import dev.jwkscache.JwksCache;
import dev.jwkscache.KeysUnavailableException;
import dev.jwkscache.RefreshFailure;
import dev.jwkscache.SkippedKey;
import dev.jwkscache.spi.OriginResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes a document apart. Which entries are usable is what a real cache says that is fed with it, so that the two cannot
 * disagree.
 *
 * @param entries all that {@code keys} lists, in its order
 */
record Inspection(List<Entry> entries) {
    /**
     * The example of RFC 8037 appendix A.2. A cache takes no set without a usable key; with this one added it judges every
     * entry of such a set as well.
     */
    private static final String STAND_IN = """
            {"kty":"OKP","crv":"Ed25519","kid":"stand-in","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""";

    /** Parsing what a downloader may bring takes far less. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /**
     * Reads a document.
     *
     * @throws CommandFailure if it is no JSON object with an array {@code keys}
     */
    static Inspection of(byte[] document) {
        List<?> written = keys(document);
        JwkSet judged = judge(document);
        int usable;
        if (judged == null) {
            judged = judge(withStandIn(written));
            usable = 0;
        } else {
            usable = judged.size();
        }
        if (judged == null) {
            throw new IllegalStateException("the stand-in key was not accepted");
        }
        Map<Integer, SkippedKey> skipped =
                judged.skipped().stream().collect(Collectors.toMap(SkippedKey::index, Function.identity()));
        Iterator<Jwk> keys = judged.keys().subList(0, usable).iterator();
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < written.size(); i++) {
            SkippedKey reason = skipped.get(i);
            Map<?, ?> members = written.get(i) instanceof Map<?, ?> map ? map : Map.of();
            entries.add(new Entry(i, members, reason == null ? keys.next() : null, reason));
        }
        return new Inspection(entries);
    }

    /** The keys that verify signatures. */
    List<Jwk> usable() {
        List<Jwk> keys = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.key() != null) {
                keys.add(entry.key());
            }
        }
        return keys;
    }

    private static List<?> keys(byte[] document) {
        String text = new String(document, StandardCharsets.UTF_8);
        if (text.isBlank()) {
            throw new CommandFailure("the document is empty");
        }
        Object keys;
        try {
            Map<String, Object> json = JSONObjectUtils.parse(text);
            // The parser takes null for an object, and an array of pairs as well.
            if (json == null || text.stripLeading().startsWith("[")) {
                throw new ParseException("no object", 0);
            }
            keys = json.get("keys");
        } catch (ParseException | RuntimeException | StackOverflowError e) {
            throw new CommandFailure("the document is no JSON object"
                    + (text.stripLeading().startsWith("<") ? ": it looks like HTML or XML" : ""));
        }
        if (keys instanceof List<?> entries) {
            return entries;
        }
        throw new CommandFailure("the document has no array \"keys\" (RFC 7517 §5.1)");
    }

    /** What a cache makes of a document; null if it finds no usable key in it. */
    private static @Nullable JwkSet judge(byte[] document) {
        OriginResponse answer = new OriginResponse(200, Map.of(), document);
        try (JwksCache cache = JwksCache.builder(URI.create("https://inspected.invalid/"))
                .origin(request -> CompletableFuture.completedFuture(answer))
                .fetchTimeout(PATIENCE)
                .maxDocumentBytes(2 * Downloader.MOST_BYTES)
                .build()) {
            try {
                return cache.get();
            } catch (KeysUnavailableException e) {
                RefreshFailure failure = cache.status().lastFailure().orElseThrow(() -> e);
                if (failure.reason() == FailureReason.NO_USABLE_KEY) {
                    return null;
                }
                throw new CommandFailure(failure.detail());
            }
        }
    }

    private static byte[] withStandIn(List<?> written) {
        try {
            List<Object> all = new ArrayList<>(written);
            all.add(JSONObjectUtils.parse(STAND_IN));
            return JSONObjectUtils.toJSONString(Map.of("keys", all)).getBytes(StandardCharsets.UTF_8);
        } catch (ParseException e) {
            throw new IllegalStateException("the stand-in key is no JSON", e);
        }
    }
}
