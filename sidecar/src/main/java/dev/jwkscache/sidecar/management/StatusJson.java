package dev.jwkscache.sidecar.management;

import dev.jwkscache.CacheStatus;
import dev.jwkscache.Jwk;
import dev.jwkscache.sidecar.providers.KnownKeys;
import dev.jwkscache.sidecar.providers.KnownKeys.KnownKey;
import dev.jwkscache.sidecar.providers.Provider;
import dev.jwkscache.sidecar.providers.Timeline;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How things are, as JSON: times in ISO 8601 and UTC, spans in seconds, null where there is none. Of a key it tells what it is
 * called and what it is, never the key. Pure.
 */
final class StatusJson {
    private static final int MICROS = 6;

    private StatusJson() {}

    /** One provider. */
    static JsonObject of(Provider provider) {
        CacheStatus status = provider.status();
        return new JsonObject()
                .put("name", provider.name())
                .put("address", status.address().toString())
                .put("kind", provider.configuration().kind().label())
                .put("state", status.state().label())
                .put("ageSeconds", seconds(status.age()))
                .put("timeToExpirySeconds", seconds(status.timeToExpiry()))
                .put("timeToLiveSeconds", seconds(status.timeToLive()))
                .put("refreshIntervalSeconds", seconds(status.refreshInterval()))
                .put("maxStalenessSeconds", seconds(status.maxStaleness()))
                .put("nextAttempt", time(status.nextAttempt()))
                .put("failing", failing(status))
                .put("fetches", status.fetches())
                .put("refreshes", status.refreshes())
                .put("failedRefreshes", status.failedRefreshes())
                .put("unknownKeys", status.unknownKeys())
                .put("skippedKeys", skipped(status))
                .put("keys", status.keyCount() == 0 ? new JsonArray() : keys(provider.keys()))
                .put("timeline", timeline(provider.timeline().entries()));
    }

    private static @Nullable JsonObject failing(CacheStatus status) {
        return status.lastFailure()
                .map(failure -> new JsonObject()
                        .put("since", time(status.failingSince()))
                        .put("reason", word(failure.reason().label()))
                        .put("detail", failure.detail()))
                .orElse(null);
    }

    private static JsonObject skipped(CacheStatus status) {
        JsonObject skipped = new JsonObject();
        status.skippedKeys().forEach((reason, count) -> skipped.put(word(reason.label()), count));
        return skipped;
    }

    private static JsonArray keys(KnownKeys known) {
        JsonArray keys = new JsonArray();
        for (KnownKey one : known.all()) {
            Jwk key = one.key();
            keys.add(new JsonObject()
                    .put("kid", key.kid().orElse(null))
                    .put("thumbprint", key.thumbprint())
                    .put("keyType", key.keyType())
                    .put("curve", key.curve().orElse(null))
                    .put("sizeBits", bits(key))
                    .put("use", key.use().orElse(null))
                    .put("algorithms", array(key.algorithms()))
                    .put("firstSeen", time(one.firstSeen()))
                    .put("certificateExpiry", time(key.certificateExpiry()))
                    .put("lastUsed", time(known.lastUsed(key.kid().orElse(null)))));
        }
        return keys;
    }

    private static JsonArray timeline(List<Timeline.Entry> entries) {
        JsonArray timeline = new JsonArray();
        entries.forEach(entry -> timeline.add(happening(entry)));
        return timeline;
    }

    private static JsonObject happening(Timeline.Entry entry) {
        JsonObject told = new JsonObject().put("at", time(entry.at()));
        if (entry instanceof Timeline.Refresh refresh) {
            return told.put("event", "refreshed")
                    .put("trigger", word(refresh.trigger()))
                    .put("tookSeconds", seconds(refresh.took()))
                    .put("stored", refresh.stored())
                    .put("added", array(refresh.added()))
                    .put("removed", array(refresh.removed()));
        }
        if (entry instanceof Timeline.Failure failure) {
            return told.put("event", "refresh-failed")
                    .put("trigger", word(failure.trigger()))
                    .put("reason", word(failure.reason()))
                    .put("detail", failure.detail());
        }
        return told.put("event", "purged");
    }

    /** The size of a key of a type that has many; null where type and curve say it. */
    private static @Nullable Integer bits(Jwk key) {
        return key.publicKey() instanceof RSAPublicKey rsa ? rsa.getModulus().bitLength() : null;
    }

    private static JsonArray array(List<String> texts) {
        JsonArray array = new JsonArray();
        texts.forEach(array::add);
        return array;
    }

    /** The words of this interface have hyphens, where labels of meters have underscores. */
    private static String word(String label) {
        return label.replace('_', '-');
    }

    private static @Nullable Number seconds(Optional<Duration> span) {
        return span.map(StatusJson::seconds).orElse(null);
    }

    private static Number seconds(Duration span) {
        BigDecimal exact = BigDecimal.valueOf(span.getSeconds())
                .add(BigDecimal.valueOf(span.getNano(), 9))
                .setScale(MICROS, RoundingMode.DOWN);
        return exact.stripTrailingZeros().scale() <= 0 ? (Number) exact.longValue() : (Number) exact.doubleValue();
    }

    private static @Nullable String time(Optional<Instant> at) {
        return at.map(StatusJson::time).orElse(null);
    }

    static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
