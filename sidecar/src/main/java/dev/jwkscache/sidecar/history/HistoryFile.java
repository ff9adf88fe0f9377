package dev.jwkscache.sidecar.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file of the record by its name.
 *
 * @param lane of the process that writes it: processes that run at the same time have different ones
 * @param number its place in the lane
 */
record HistoryFile(Path path, int lane, int number) {
    /** How many processes can record in one folder at the same time. */
    static final int LANES = 8;

    private static final Pattern NAME = Pattern.compile("history-([1-8])-(\\d{6,9})\\.jsonl");

    static Path path(Path folder, int lane, int number) {
        return folder.resolve(String.format(Locale.ROOT, "history-%d-%06d.jsonl", lane, number));
    }

    static Path lock(Path folder, int lane) {
        return folder.resolve("history-" + lane + ".lock");
    }

    /** The files of a lane in their order. */
    static List<HistoryFile> of(Path folder, int lane) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.map(HistoryFile::named)
                    .flatMap(Optional::stream)
                    .filter(file -> file.lane == lane)
                    .sorted(Comparator.comparingInt(HistoryFile::number))
                    .toList();
        }
    }

    private static Optional<HistoryFile> named(Path path) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        return name.matches()
                ? Optional.of(new HistoryFile(path, Integer.parseInt(name.group(1)), Integer.parseInt(name.group(2))))
                : Optional.empty();
    }
}
