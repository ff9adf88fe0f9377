package dev.jwkscache.sidecar;

import dev.jwkscache.Jwk;
import dev.jwkscache.SkippedKey;
import dev.jwkscache.sidecar.Finding.Weight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells the result of an inspection, to people and to machines.
 *
 * @param source where the set came from, fit for a terminal
 * @param download how it came; null for a file
 * @param findings most important first
 */
record InspectionReport(
        String source, @Nullable Download download, int bytes, Inspection inspection, List<Finding> findings) {
    private static final int KID_WIDTH = 48;
    private static final int CELL_WIDTH = 16;

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(source);
        lines.add(origin());
        lines.add("");
        lines.addAll(table());
        lines.add("");
        for (Finding finding : findings) {
            lines.add(String.format("%-4s  %s", finding.weight().label(), finding.message()));
        }
        lines.add(verdict());
        return lines;
    }

    Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("source", source);
        json.put("clean", counted() == 0);
        json.put("usable_keys", inspection.usable().size());
        json.put("bytes", bytes);
        if (download != null) {
            json.put("took_s", Spans.seconds(download.took()));
            json.put(
                    "redirects",
                    download.redirects().stream().map(Address::show).toList());
            json.put(
                    "content_type",
                    download.headers().firstValue("Content-Type").orElse(null));
            json.put(
                    "cache_control",
                    download.headers().firstValue("Cache-Control").orElse(null));
        }
        json.put(
                "entries",
                inspection.entries().stream().map(InspectionReport::json).toList());
        json.put("findings", findings.stream().map(InspectionReport::json).toList());
        return json;
    }

    private String origin() {
        String entries = inspection.entries().size() == 1
                ? "1 entry"
                : inspection.entries().size() + " entries";
        String set = entries + ", " + inspection.usable().size() + " usable for signatures, " + Sizes.text(bytes);
        if (download == null) {
            return set;
        }
        return set
                + (download.transferred() == bytes ? "" : " (" + Sizes.text(download.transferred()) + " gzip)")
                + ", fetched in " + Spans.millis(download.took().toNanos())
                + ", "
                + Printable.of(download.headers().firstValue("Cache-Control").orElse("no Cache-Control"), 40);
    }

    private List<String> table() {
        if (inspection.entries().isEmpty()) {
            return List.of("(no entries)");
        }
        TextTable table = new TextTable("#>", "kid", "kty", "algorithm", "use", "size", "certificate until", "verdict");
        for (Entry entry : inspection.entries()) {
            Jwk key = entry.key();
            SkippedKey skipped = entry.skipped();
            String index = Integer.toString(entry.index());
            String kid = entry.kid() == null ? "(none)" : Printable.of(entry.kid(), KID_WIDTH);
            if (key != null) {
                table.row(
                        index,
                        kid,
                        key.keyType(),
                        KeyTable.algorithm(key),
                        KeyTable.use(key),
                        KeyTable.size(key),
                        KeyTable.certificate(key),
                        "usable");
            } else {
                table.row(
                        index,
                        kid,
                        cell(entry, "kty"),
                        cell(entry, "alg"),
                        cell(entry, "use"),
                        size(entry),
                        TextTable.NOTHING,
                        skipped == null
                                ? TextTable.NOTHING
                                : skipped.reason().label().replace('_', ' '));
            }
        }
        return table.lines();
    }

    private String verdict() {
        long findings = counted();
        if (findings == 0) {
            return "clean: nothing to complain about";
        }
        return findings == 1 ? "1 finding" : findings + " findings";
    }

    private long counted() {
        return findings.stream()
                .filter(finding -> finding.weight() != Weight.NOTE)
                .count();
    }

    private static String cell(Entry entry, String member) {
        return Printable.member(entry.members().get(member), CELL_WIDTH);
    }

    private static String size(Entry entry) {
        Integer bits = entry.rsaBits();
        return bits == null ? cell(entry, "crv") : bits + " bits";
    }

    private static Map<String, @Nullable Object> json(Entry entry) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        Jwk key = entry.key();
        SkippedKey skipped = entry.skipped();
        json.put("index", entry.index());
        json.put("usable", key != null);
        if (key != null) {
            json.putAll(KeyTable.json(key));
        } else {
            json.put("kid", entry.kid());
            json.put("kty", entry.text("kty"));
            json.put("alg", entry.text("alg"));
            json.put("use", entry.text("use"));
            json.put("curve", entry.text("crv"));
            json.put("bits", entry.rsaBits());
        }
        if (skipped != null) {
            json.put("reason", skipped.reason().label());
            json.put("detail", skipped.detail());
        }
        return json;
    }

    private static Map<String, @Nullable Object> json(Finding finding) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("weight", finding.weight().label());
        json.put("code", finding.code());
        json.put("message", finding.message());
        return json;
    }
}
