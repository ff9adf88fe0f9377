package dev.jwkscache.sidecar;

import dev.jwkscache.CacheState;
import dev.jwkscache.Jwk;
import dev.jwkscache.JwkSet;
import dev.jwkscache.JwksCacheListener.RefreshFailed;
import dev.jwkscache.JwksCacheListener.Refreshed;
import dev.jwkscache.KeySetChange;
import dev.jwkscache.SkippedKey;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells a watch to people: one line for each event, details below it. */
final class WatchText implements WatchReport {
    private static final String INDENT = "    ";

    private final PrintWriter out;

    WatchText(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void watching(Instant at, URI address) {
        line(at, "watching " + Address.show(address) + " (end with Ctrl-C)");
    }

    @Override
    public void loaded(Instant at, Refreshed event, @Nullable Instant since) {
        line(at, "loaded " + count(event.keys()) + how(event, since));
        KeyTable.lines(event.keys().keys()).forEach(this::detail);
        oddities(event.keys());
    }

    @Override
    public void refreshed(Instant at, Refreshed event, @Nullable Instant since) {
        KeySetChange change = event.change();
        if (change.isEmpty()) {
            line(at, "refreshed, no change: " + count(event.keys()) + how(event, since));
            return;
        }
        String changes = change.added().size() + " added, " + change.removed().size() + " removed";
        line(at, "changed: " + changes + ", now " + count(event.keys()) + how(event, since));
        for (Jwk key : change.added()) {
            detail("+ " + KeyTable.line(key));
        }
        for (Jwk key : change.removed()) {
            detail("- " + KeyTable.line(key));
        }
        oddities(event.keys());
    }

    @Override
    public void failed(Instant at, RefreshFailed event, Instant since) {
        line(at, "refresh failed: " + event.failure().describe());
        String row = event.failures() == 1 ? "" : ", " + event.failures() + " failures since " + Spans.time(since);
        detail(event.age()
                        .map(age -> "keys are " + name(event.state()) + ", " + Spans.text(age) + " old")
                        .orElse("no keys yet")
                + row + ", next attempt " + Spans.time(event.nextAttempt()));
    }

    @Override
    public void aged(Instant at, CacheState state, Duration age) {
        String meaning = state == CacheState.EXPIRED
                ? "past max staleness: no key is served until a refresh succeeds"
                : "past the time to live: still served while a refresh is tried";
        line(at, name(state) + ": the keys are " + Spans.text(age) + " old, " + meaning);
    }

    private void oddities(JwkSet keys) {
        for (SkippedKey skipped : keys.skipped()) {
            detail("skipped entry " + skipped.index()
                    + skipped.kid().map(kid -> " (kid " + kid + ")").orElse("") + ": " + skipped.detail());
        }
        if (keys.privateKeyCount() > 0) {
            detail("the provider publishes private members of " + keys.privateKeyCount()
                    + (keys.privateKeyCount() == 1 ? " key" : " keys") + ": whoever reads them can sign; tell it");
        }
        for (String kid : keys.duplicateKids()) {
            detail("several keys bear the kid " + Printable.of(kid, 64));
        }
    }

    private void line(Instant at, String text) {
        out.println(Spans.time(at) + "  " + text);
    }

    private void detail(String text) {
        out.println(INDENT + text);
    }

    private static String name(CacheState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static String how(Refreshed event, @Nullable Instant since) {
        return ", in " + Spans.millis(event.took().toNanos())
                + (since == null ? "" : ", after failures since " + Spans.time(since));
    }

    private static String count(JwkSet keys) {
        return keys.size() + (keys.size() == 1 ? " key" : " keys");
    }
}
