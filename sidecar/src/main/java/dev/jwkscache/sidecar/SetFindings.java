package dev.jwkscache.sidecar;

import dev.jwkscache.SkipReason;
import dev.jwkscache.SkippedKey;
import dev.jwkscache.sidecar.Finding.Weight;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is good and bad about the entries of a set. */
final class SetFindings {
    private static final int LEAST_RSA_BITS = 2048;

    private final List<Finding> findings = new ArrayList<>();

    private SetFindings() {}

    static List<Finding> of(Inspection inspection, Instant now) {
        SetFindings all = new SetFindings();
        all.whole(inspection);
        inspection.entries().forEach(entry -> all.entry(entry, now));
        all.duplicates(inspection);
        return all.findings;
    }

    private void whole(Inspection inspection) {
        if (inspection.entries().isEmpty()) {
            add(
                    Weight.BAD,
                    "no_usable_key",
                    "the set is empty: a cache keeps the keys it has and takes none from here");
        } else if (inspection.usable().isEmpty()) {
            add(Weight.BAD, "no_usable_key", "no entry verifies signatures: a cache takes nothing from this set");
        }
    }

    private void entry(Entry entry, Instant now) {
        secrets(entry);
        Integer bits = entry.rsaBits();
        if (bits != null && bits < LEAST_RSA_BITS) {
            add(
                    Weight.BAD,
                    "weak_rsa",
                    entry.name() + ": RSA with " + bits + " bits; 2048 is the least (RFC 7518 §3.3)");
        }
        SkippedKey skipped = entry.skipped();
        if (skipped != null) {
            unusable(entry, skipped);
        } else {
            usable(entry, now);
        }
    }

    private void secrets(Entry entry) {
        if (entry.isSymmetric()) {
            add(
                    Weight.BAD,
                    "symmetric_key",
                    entry.name() + ": a symmetric key in public: whoever reads it can sign; replace it, it is no"
                            + " secret any more");
        } else if (!entry.privateMembers().isEmpty()) {
            add(
                    Weight.BAD,
                    "private_members",
                    entry.name() + ": private members (" + String.join(", ", entry.privateMembers())
                            + ") in public: whoever reads them can sign; replace the key");
        }
    }

    private void unusable(Entry entry, SkippedKey skipped) {
        switch (skipped.reason()) {
            case NOT_FOR_SIGNATURES ->
                add(Weight.NOTE, "not_for_signatures", entry.name() + ": not for signatures: " + skipped.detail());
            case UNKNOWN_KEY_TYPE, UNSUPPORTED_PARAMETERS, UNSUPPORTED_BY_JDK ->
                // Verifiers that know it may use it; the others pass it over.
                add(Weight.ODD, "unusable", entry.name() + ": unusable: " + skipped.detail());
            case SYMMETRIC -> {
                // Told as a secret that is out.
            }
            default -> {
                boolean told = skipped.reason() == SkipReason.WEAK
                        && entry.rsaBits() != null
                        && entry.rsaBits() < LEAST_RSA_BITS;
                if (!told) {
                    add(Weight.BAD, "unusable", entry.name() + ": unusable: " + skipped.detail());
                }
            }
        }
    }

    private void usable(Entry entry, Instant now) {
        if (entry.kid() == null) {
            add(Weight.ODD, "missing_kid", entry.name() + ": no kid, so that a verifier must try keys in turn");
        }
        if (entry.text("alg") == null) {
            add(
                    Weight.ODD,
                    "missing_alg",
                    entry.name() + ": no alg, so that only the verifier decides what it is good for ("
                            + String.join(", ", algorithms(entry)) + ")");
        }
        if (entry.key() != null) {
            entry.key()
                    .certificateExpiry()
                    .filter(expiry -> expiry.isBefore(now))
                    .ifPresent(expiry -> add(
                            Weight.ODD,
                            "certificate_expired",
                            entry.name() + ": its certificate expired at " + Spans.time(expiry)));
        }
    }

    private void duplicates(Inspection inspection) {
        Map<String, List<String>> places = new LinkedHashMap<>();
        for (Entry entry : inspection.entries()) {
            String kid = entry.kid();
            if (kid != null) {
                places.computeIfAbsent(kid, k -> new ArrayList<>()).add(Integer.toString(entry.index()));
            }
        }
        places.forEach((kid, indexes) -> {
            if (indexes.size() > 1) {
                add(
                        Weight.BAD,
                        "duplicate_kid",
                        "entries " + String.join(", ", indexes) + " all have the kid " + Printable.of(kid, 48)
                                + ": many verifiers take the first and refuse tokens of the others");
            }
        });
    }

    private static List<String> algorithms(Entry entry) {
        return entry.key() == null ? List.of() : entry.key().algorithms();
    }

    private void add(Weight weight, String code, String message) {
        findings.add(new Finding(weight, code, message));
    }
}
