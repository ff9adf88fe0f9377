package dev.jwkscache;

import dev.jwkscache.ResourceTable.Row;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one peer makes of one entry, held against what we make of it; differences must be explained by the table. */
final class PeerComparison {
    private final PeerLibrary peer;
    private final ResourceTable explanations;
    private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
    private final Set<Row> used = new LinkedHashSet<>();
    private final List<String> unexplained = new ArrayList<>();

    /** How two libraries can agree and differ. */
    enum Outcome {
        EQUAL,
        BOTH_REFUSE,
        PEER_REFUSES,
        WE_REFUSE,
        KEYS_DIFFER
    }

    /** What we make of an entry: a key, or the reason why we skip it. */
    record Ours(PeerKey key, String skipped) {}

    PeerComparison(PeerLibrary peer, ResourceTable explanations) {
        this.peer = peer;
        this.explanations = explanations;
    }

    void compare(String where, String entry, Ours ours) {
        PeerKey theirs = null;
        String refusal = "-";
        try {
            theirs = peer.key(entry);
        } catch (Exception e) {
            refusal = e.getClass().getSimpleName() + ": "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        }
        Outcome outcome = outcome(ours.key(), theirs);
        counts.merge(outcome, 1, Integer::sum);
        if (outcome == Outcome.EQUAL || outcome == Outcome.BOTH_REFUSE) {
            return;
        }
        String skipped = ours.key() == null ? ours.skipped() : "-";
        boolean explained = false;
        for (Row row : explanations.rows()) {
            if (row.matches("peer", peer.name())
                    && row.get("outcome").equals(outcome.name())
                    && row.matches("where", where)
                    && row.matches("our reason", skipped)
                    && row.matches("their reason", refusal)) {
                used.add(row);
                explained = true;
            }
        }
        if (!explained) {
            unexplained.add(String.join("\t", peer.name(), outcome.name(), where, skipped, refusal));
        }
    }

    List<String> unexplained() {
        return unexplained;
    }

    /** The explanations for this peer that explained nothing, as far as the documents at hand can tell. */
    List<Row> unused(boolean withCorpus) {
        return explanations.rows().stream()
                .filter(row -> row.matches("peer", peer.name()) && !used.contains(row))
                .filter(row -> withCorpus || row.get("seen in").equals("oddities"))
                .toList();
    }

    @Override
    public String toString() {
        return peer.name();
    }

    String summary() {
        return peer + " " + counts;
    }

    int count(Outcome outcome) {
        return counts.getOrDefault(outcome, 0);
    }

    private static Outcome outcome(PeerKey ours, PeerKey theirs) {
        if (ours == null) {
            return theirs == null ? Outcome.BOTH_REFUSE : Outcome.WE_REFUSE;
        }
        if (theirs == null) {
            return Outcome.PEER_REFUSES;
        }
        return ours.equals(theirs) ? Outcome.EQUAL : Outcome.KEYS_DIFFER;
    }
}
