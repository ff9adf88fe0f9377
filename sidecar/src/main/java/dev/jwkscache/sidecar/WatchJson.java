package dev.jwkscache.sidecar;

import dev.jwkscache.CacheState;
import dev.jwkscache.Jwk;
import dev.jwkscache.JwksCacheListener.RefreshFailed;
import dev.jwkscache.JwksCacheListener.Refreshed;
import dev.jwkscache.SkippedKey;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells a watch to machines: one JSON object in each line, with its {@code time} and {@code event} first. */
final class WatchJson implements WatchReport {
    private final PrintWriter out;

    WatchJson(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void watching(Instant at, URI address) {
        Map<String, @Nullable Object> members = event(at, "watching");
        members.put("jwks_uri", Address.show(address));
        write(members);
    }

    @Override
    public void loaded(Instant at, Refreshed event, @Nullable Instant since) {
        Map<String, @Nullable Object> members = fetched(at, "loaded", event, since);
        members.put("keys", keys(event.keys().keys()));
        members.put(
                "skipped",
                event.keys().skipped().stream().map(WatchJson::skipped).toList());
        members.put("private_keys", event.keys().privateKeyCount());
        members.put("duplicate_kids", event.keys().duplicateKids());
        write(members);
    }

    @Override
    public void refreshed(Instant at, Refreshed event, @Nullable Instant since) {
        boolean same = event.change().isEmpty();
        Map<String, @Nullable Object> members = fetched(at, same ? "refreshed" : "changed", event, since);
        if (!same) {
            members.put("added", keys(event.change().added()));
            members.put("removed", keys(event.change().removed()));
        }
        write(members);
    }

    @Override
    public void failed(Instant at, RefreshFailed event, Instant since) {
        Map<String, @Nullable Object> members = event(at, "refresh_failed");
        members.put("trigger", event.trigger().label());
        members.put("reason", event.failure().reason().label());
        members.put("error", event.failure().detail());
        members.put("failures", event.failures());
        members.put("failing_since", since);
        members.put("next_attempt", event.nextAttempt());
        members.put("state", name(event.state()));
        members.put("age_s", event.age().map(Spans::seconds).orElse(null));
        write(members);
    }

    @Override
    public void aged(Instant at, CacheState state, Duration age) {
        Map<String, @Nullable Object> members = event(at, name(state));
        members.put("age_s", Spans.seconds(age));
        write(members);
    }

    private static Map<String, @Nullable Object> fetched(
            Instant at, String name, Refreshed event, @Nullable Instant since) {
        Map<String, @Nullable Object> members = event(at, name);
        members.put("trigger", event.trigger().label());
        members.put("key_count", event.keys().size());
        members.put("took_s", Spans.seconds(event.took()));
        members.put("failing_since", since);
        return members;
    }

    private static List<Map<String, @Nullable Object>> keys(List<Jwk> keys) {
        return keys.stream().map(KeyTable::json).toList();
    }

    private static Map<String, @Nullable Object> skipped(SkippedKey entry) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("index", entry.index());
        members.put("kid", entry.kid().orElse(null));
        members.put("reason", entry.reason().label());
        members.put("detail", entry.detail());
        return members;
    }

    private static Map<String, @Nullable Object> event(Instant at, String name) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("time", at);
        members.put("event", name);
        return members;
    }

    private static String name(CacheState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private void write(Map<String, @Nullable Object> members) {
        out.println(JsonText.of(members));
    }
}
