package dev.jwkscache.sidecar.history;

import dev.jwkscache.sidecar.history.Change.What;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a record says, read once. Immutable. */
public final class History {
    private final List<Trust> trusts;
    private final List<Stretch> stretches;
    private final List<Change> changes;
    private final List<String> notes;

    private History(List<Trust> trusts, List<Stretch> stretches, List<Change> changes, List<String> notes) {
        this.trusts = List.copyOf(trusts);
        this.stretches = List.copyOf(stretches);
        this.changes = List.copyOf(changes);
        this.notes = List.copyOf(notes);
    }

    /**
     * Reads all files of a folder, also while a sidecar writes.
     *
     * @param now until when a sidecar that runs has been running
     * @throws NoSuchFileException if there is no folder or no file of a record in it
     * @throws IOException if a file cannot be read
     */
    public static History read(Path folder, Instant now) throws IOException {
        List<Trust> trusts = new ArrayList<>();
        List<Stretch> stretches = new ArrayList<>();
        List<Dated> changes = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        boolean found = false;
        for (int lane = 1; lane <= HistoryFile.LANES; lane++) {
            List<HistoryFile> files = HistoryFile.of(folder, lane);
            if (files.isEmpty()) {
                continue;
            }
            found = true;
            // Asked first: a sidecar that stops meanwhile has written so.
            boolean running = HistoryFiles.isHeld(folder, lane);
            Replay replay = new Replay(lane);
            for (HistoryFile file : files) {
                read(file, replay, notes);
            }
            replay.end(running, now);
            trusts.addAll(replay.trusts());
            stretches.addAll(replay.stretches());
            date(replay.changes(), changes);
        }
        if (!found) {
            throw new NoSuchFileException(folder.toString());
        }
        changes.sort(Comparator.comparing(Dated::order));
        return new History(
                trusts, stretches, changes.stream().map(Dated::change).toList(), notes);
    }

    /** Which keys were trusted at that time, of those that are asked for. */
    public Answer at(Instant time, Predicate<Trust> asked) {
        List<Trust> keys = trusts.stream()
                .filter(trust -> trust.covers(time))
                .filter(asked)
                .sorted(Comparator.comparing(Trust::provider))
                .toList();
        List<Stretch> covering =
                stretches.stream().filter(stretch -> stretch.covers(time)).toList();
        List<Stretch> certain = covering.stream().filter(Stretch::recorded).toList();
        boolean lost = covering.size() > certain.size();
        boolean recorded = !certain.isEmpty() && !lost;
        boolean twice = certain.stream().map(Stretch::lane).distinct().count() < certain.size();
        return new Answer(
                time, keys, recorded, lost, twice, recorded ? null : before(time), recorded ? null : after(time));
    }

    private @Nullable Instant before(Instant time) {
        return stretches.stream()
                .filter(Stretch::recorded)
                .map(Stretch::to)
                .filter(end -> !end.isAfter(time))
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    private @Nullable Instant after(Instant time) {
        return stretches.stream()
                .filter(Stretch::recorded)
                .map(Stretch::from)
                .filter(begin -> begin.isAfter(time))
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** All that changed, newest last. */
    public List<Change> changes() {
        return changes;
    }

    /** What could not be read, in words fit for a terminal. */
    public List<String> notes() {
        return notes;
    }

    private static void read(HistoryFile file, Replay replay, List<String> notes) throws IOException {
        int skipped = 0;
        int number = 0;
        int first = 0;
        // ISO 8859-1: whatever a torn line holds, it is read; lines that are whole are ASCII.
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Files.newInputStream(file.path(), LinkOption.NOFOLLOW_LINKS), StandardCharsets.ISO_8859_1))) {
            for (String text = lines.readLine(); text != null; text = lines.readLine()) {
                number++;
                if (!text.isEmpty() && !replay.read(text)) {
                    first = skipped == 0 ? number : first;
                    skipped++;
                }
            }
        } catch (NoSuchFileException e) {
            // Put aside long ago, and deleted by the sidecar while this read the folder.
            notes.add(file.path().getFileName() + " was deleted meanwhile");
        }
        if (skipped > 0) {
            notes.add(file.path().getFileName() + ": " + skipped + (skipped == 1 ? " line" : " lines")
                    + " skipped that cannot be read, the first is line " + first);
        }
    }

    /** By time; after the clock was set back, the lines of its lane stay behind those that were before. */
    private static void date(List<Change> changes, List<Dated> dated) {
        Instant floor = Instant.MIN;
        Instant latest = Instant.MIN;
        for (Change change : changes) {
            floor = change.what() == What.CLOCK ? latest : floor;
            Instant order = change.at().isAfter(floor) ? change.at() : floor;
            latest = order.isAfter(latest) ? order : latest;
            dated.add(new Dated(order, change));
        }
    }

    private record Dated(Instant order, Change change) {}
}
