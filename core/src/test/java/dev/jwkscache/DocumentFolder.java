package dev.jwkscache;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The folder of real key sets that a system property names: the documents, and a verdict for each of their entries, in
 * the order of the documents.
 */
record DocumentFolder(Path folder, Map<String, List<Verdict>> verdicts) {
    /** The system property; not set or empty means that there is no such folder. */
    static final String PROPERTY = "jwks-cache.documents";

    /** What a verifier should make of an entry, reckoned by others without any JOSE library. */
    record Verdict(String file, int entry, String verdict, String reason) {

        @Override
        public String toString() {
            return file + "#" + entry + " " + verdict + " (" + reason + ")";
        }
    }

    static boolean isNamed() {
        return !System.getProperty(PROPERTY, "").isBlank();
    }

    static DocumentFolder named() {
        return open(System.getProperty(PROPERTY, ""));
    }

    static DocumentFolder open(String name) {
        try {
            Path folder = Path.of(name);
            Path verdicts = folder.resolve("VERDICTS.tsv");
            if (!Files.isRegularFile(verdicts) || !Files.isRegularFile(folder.resolve("INDEX.tsv"))) {
                throw noSuchFolder(name, "it has no VERDICTS.tsv and INDEX.tsv");
            }
            DocumentFolder opened = new DocumentFolder(folder, new LinkedHashMap<>());
            for (ResourceTable.Row row : opened.table("INDEX.tsv")) {
                opened.verdicts.put(row.get("file"), new ArrayList<>());
            }
            for (ResourceTable.Row row : opened.table("VERDICTS.tsv")) {
                List<Verdict> ofFile = opened.verdicts.get(row.get("file"));
                if (ofFile == null || ofFile.size() != Integer.parseInt(row.get("entry"))) {
                    throw noSuchFolder(name, "VERDICTS.tsv does not go with INDEX.tsv: " + row);
                }
                ofFile.add(new Verdict(row.get("file"), ofFile.size(), row.get("verdict"), row.get("reason")));
            }
            if (opened.verdicts.isEmpty()) {
                throw noSuchFolder(name, "INDEX.tsv names no document");
            }
            return opened;
        } catch (InvalidPathException e) {
            throw noSuchFolder(name, e.getReason());
        }
    }

    byte[] document(String file) {
        try {
            return Files.readAllBytes(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<ResourceTable.Row> table(String file) {
        return ResourceTable.parse(new String(document(file), StandardCharsets.UTF_8))
                .rows();
    }

    private static IllegalStateException noSuchFolder(String name, String why) {
        return new IllegalStateException("-D" + PROPERTY + "=" + name + " names no folder of documents with verdicts ("
                + Path.of("").toAbsolutePath().resolve(name.indexOf('\0') < 0 ? name : "") + "): " + why
                + ". Give an absolute path, or leave the property out");
    }
}
