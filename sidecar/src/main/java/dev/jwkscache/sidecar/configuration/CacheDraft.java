package dev.jwkscache.sidecar.configuration;

import dev.jwkscache.JwksCache;
import dev.jwkscache.Transport;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/** A cache that is being set up: its builder, and the transport that settings add to. */
final class CacheDraft {
    private JwksCache.Builder builder;
    private Transport transport = Transport.standard();

    CacheDraft(JwksCache.Builder builder) {
        this.builder = builder;
    }

    JwksCache.Builder complete() {
        return transport == Transport.standard() ? builder : builder.transport(transport);
    }

    /** Puts a value in its canonical form on a draft. */
    interface Step extends BiConsumer<CacheDraft, String> {}

    static Step span(BiFunction<JwksCache.Builder, Duration, JwksCache.Builder> set) {
        return on((builder, value) -> set.apply(builder, duration(value)));
    }

    static Step number(BiFunction<JwksCache.Builder, Integer, JwksCache.Builder> set) {
        return on((builder, value) -> set.apply(builder, Integer.valueOf(value)));
    }

    static Step on(BiFunction<JwksCache.Builder, String, JwksCache.Builder> set) {
        return (draft, value) -> draft.builder = set.apply(draft.builder, value);
    }

    static Step transport(BiFunction<Transport, String, Transport> set) {
        return (draft, value) -> draft.transport = set.apply(draft.transport, value);
    }

    /** Every header field of a text that has one on each line. */
    static Transport headers(Transport transport, String lines) {
        Transport changed = transport;
        for (String line : lines.split("\n", -1)) {
            int colon = line.indexOf(": ");
            String value = line.substring(colon + 2);
            changed = changed.header(line.substring(0, colon), () -> value);
        }
        return changed;
    }

    static Duration duration(String seconds) {
        return Duration.ofNanos(new BigDecimal(seconds).movePointRight(9).longValue());
    }
}
