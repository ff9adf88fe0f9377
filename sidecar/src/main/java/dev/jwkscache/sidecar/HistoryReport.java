package dev.jwkscache.sidecar;

import dev.jwkscache.sidecar.history.Answer;
import dev.jwkscache.sidecar.history.Change;
import dev.jwkscache.sidecar.history.Trust;
import dev.jwkscache.sidecar.history.TrustedKey;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code history} prints; names, kids and addresses are made fit for a terminal. */
final class HistoryReport {
    private static final int WIDTH = 64;

    private final List<String> notes;
    private final DateTimeFormatter local;

    /**
     * Creates a report.
     *
     * @param notes what could not be read
     * @param zone of the times that people read
     */
    HistoryReport(List<String> notes, ZoneId zone) {
        this.notes = notes;
        this.local = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssXXX").withZone(zone);
    }

    /** The keys of one moment as a table. */
    List<String> lines(Answer answer) {
        List<String> lines = new ArrayList<>();
        if (!answer.recorded()) {
            lines.add(unknown(answer));
        } else if (answer.keys().isEmpty()) {
            lines.add("No key was trusted at " + time(answer.at()) + ".");
        } else {
            lines.add("Trusted at " + time(answer.at()) + ":");
        }
        if (answer.twice()) {
            lines.add("The clock was set back, so that it showed this time twice; the keys of both are listed.");
        }
        if (!answer.keys().isEmpty()) {
            TextTable table = new TextTable("provider", "kid", "algorithms", "since", "until", "source", "thumbprint");
            for (Trust trust : answer.keys()) {
                TrustedKey key = trust.key();
                table.row(
                        Printable.of(trust.provider(), WIDTH),
                        kid(key),
                        algorithms(key),
                        time(key.since()),
                        until(trust, answer.at()),
                        key.source().label(),
                        Printable.of(key.thumbprint(), WIDTH));
            }
            lines.addAll(table.lines());
        }
        addNotes(lines);
        return lines;
    }

    /** All changes as a table. */
    List<String> lines(List<Change> changes) {
        List<String> lines = new ArrayList<>();
        if (changes.isEmpty()) {
            lines.add("Nothing has changed.");
        } else {
            TextTable table = new TextTable("at", "event", "provider", "kid", "algorithms", "thumbprint", "");
            for (Change change : changes) {
                TrustedKey key = change.key();
                table.row(
                        time(change.at()),
                        change.what().label(),
                        Printable.member(change.provider(), WIDTH),
                        key == null ? TextTable.NOTHING : kid(key),
                        key == null ? TextTable.NOTHING : algorithms(key),
                        key == null ? TextTable.NOTHING : Printable.of(key.thumbprint(), WIDTH),
                        explained(change));
            }
            lines.addAll(table.lines());
        }
        addNotes(lines);
        return lines;
    }

    Map<String, @Nullable Object> json(Answer answer) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("at", answer.at());
        members.put("recorded", answer.recorded());
        members.put("lost", answer.lost());
        members.put("twice", answer.twice());
        members.put("recordedUntil", answer.lastBefore());
        members.put("recordedAgainFrom", answer.nextAfter());
        members.put(
                "keys",
                answer.keys().stream().map(trust -> json(trust, answer.at())).toList());
        members.put("notes", notes);
        return members;
    }

    Map<String, @Nullable Object> json(List<Change> changes) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("changes", changes.stream().map(HistoryReport::json).toList());
        members.put("notes", notes);
        return members;
    }

    private static Map<String, @Nullable Object> json(Trust trust, Instant at) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("provider", trust.provider());
        members.put("address", trust.address());
        put(members, trust.key());
        members.put("until", trust.to());
        members.put("end", trust.end().label());
        members.put("perhaps", trust.isPerhapsAt(at));
        return members;
    }

    private static Map<String, @Nullable Object> json(Change change) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("at", change.at());
        members.put("event", change.what().label());
        members.put("provider", change.provider());
        TrustedKey key = change.key();
        if (key != null) {
            put(members, key);
        }
        if (change.other() != null) {
            members.put(change.what() == Change.What.GAP ? "until" : "expected", change.other());
        }
        return members;
    }

    private static void put(Map<String, @Nullable Object> members, TrustedKey key) {
        members.put("kid", key.kid());
        members.put("thumbprint", key.thumbprint());
        members.put("algorithms", key.algorithms());
        members.put("certificateExpiry", key.certificateExpiry());
        members.put("since", key.since());
        members.put("source", key.source().label());
    }

    private String unknown(Answer answer) {
        String at = time(answer.at());
        Instant before = answer.lastBefore();
        Instant after = answer.nextAfter();
        String bounds = (before == null ? "it begins" : "it ends at " + time(before) + " and goes on")
                + (after == null ? (before == null ? " later" : " no more") : " at " + time(after));
        if (answer.lost()) {
            return "What was trusted at " + at + " could not be written down"
                    + (answer.keys().isEmpty() ? "." : "; known of are:");
        }
        if (answer.keys().isEmpty()) {
            return "The record tells nothing of " + at + ", " + bounds + ": no sidecar ran then, as far as it tells.";
        }
        return "The record breaks off before " + at + ", " + bounds + ". If the sidecar still ran, it trusted:";
    }

    private String until(Trust trust, Instant at) {
        Instant to = trust.to();
        if (to == null) {
            return "still";
        }
        return switch (trust.end()) {
            case UNKNOWN ->
                (trust.isPerhapsAt(at) ? "perhaps " : "at least " + time(trust.knownTo()) + ", at most ") + time(to);
            case CLOCK -> time(to) + " (clock set back)";
            case UNRECORDED -> time(to) + " (record has a gap)";
            default -> time(to) + " " + trust.end().label();
        };
    }

    private String explained(Change change) {
        Instant other = change.other();
        return switch (change.what()) {
            case CLOCK -> other == null ? "set back" : "set back from " + time(other);
            case GAP -> "nothing could be written" + (other == null ? "" : " until " + time(other));
            case BROKEN_OFF -> "ended without a word some time after";
            default -> TextTable.NOTHING;
        };
    }

    private void addNotes(List<String> lines) {
        notes.forEach(note -> lines.add("note: " + Printable.line(note)));
    }

    private static String kid(TrustedKey key) {
        String kid = key.kid();
        return kid == null ? "(none)" : Printable.of(kid, WIDTH);
    }

    private static String algorithms(TrustedKey key) {
        return Printable.of(String.join(", ", key.algorithms()), WIDTH);
    }

    private String time(Instant instant) {
        return local.format(instant);
    }
}
