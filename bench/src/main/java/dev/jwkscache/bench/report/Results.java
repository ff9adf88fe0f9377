package dev.jwkscache.bench.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The raw results, one JSON file for each part. */
public record Results(Path folder) {
    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .serializeSpecialFloatingPointValues()
            .disableHtmlEscaping()
            .create();

    /** A result and where it comes from. */
    private record Raw(Machine machine, JsonElement result) {}

    /** What a part measured, read back. */
    public record Measured<R>(Machine machine, R result) {}

    /** Replaces what the part measured before. */
    public <R> void write(Part<R> part, R result) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(file(part), GSON.toJson(new Raw(Machine.here(), GSON.toJsonTree(result))) + "\n");
    }

    /** What the part measured last; empty if it never did. */
    public <R> Optional<Measured<R>> read(Part<R> part) throws IOException {
        if (!Files.exists(file(part))) {
            return Optional.empty();
        }
        Raw raw = GSON.fromJson(Files.readString(file(part)), Raw.class);
        return Optional.of(new Measured<>(raw.machine(), GSON.fromJson(raw.result(), part.resultType())));
    }

    private Path file(Part<?> part) {
        return folder.resolve(part.name() + ".json");
    }
}
