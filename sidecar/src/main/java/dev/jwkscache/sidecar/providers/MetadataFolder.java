package dev.jwkscache.sidecar.providers;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps metadata in a folder, one file for each issuer. It is public and names no key: who could alter a file could send
 * clients to other addresses, but those of the sidecar are put in when it is served.
 */
final class MetadataFolder implements MetadataStore {
    private static final Logger LOG = LoggerFactory.getLogger("jwks-cache");
    private static final int DIGEST_BYTES = 16;
    private static final int MOST_BYTES = 1 << 20;

    private final Path folder;

    MetadataFolder(Path folder) {
        this.folder = folder;
    }

    @Override
    public Optional<String> load(URI issuer) {
        try {
            Path file = file(issuer);
            if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
                return Optional.empty();
            }
            String document = Files.readString(file);
            return issuer.toString().equals(new JsonObject(document).getValue("issuer"))
                    ? Optional.of(document)
                    : Optional.empty();
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException | DecodeException unreadable) {
            tell(unreadable);
            return Optional.empty();
        }
    }

    @Override
    public void keep(URI issuer, String document) {
        try {
            Files.createDirectories(folder);
            // Complete before it has its name, so that a stop at any moment leaves the old one or the new one.
            Path next = Files.createTempFile(folder, "next-", ".tmp");
            Files.writeString(next, document);
            Files.move(next, file(issuer), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException unwritable) {
            tell(unwritable);
        }
    }

    private void tell(Exception failure) {
        LOG.atWarn()
                .addKeyValue("folder", folder)
                .addKeyValue("error", failure.getClass().getSimpleName())
                .log("jwks_metadata_not_kept");
    }

    private Path file(URI issuer) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(issuer.toString().getBytes(StandardCharsets.UTF_8));
            return folder.resolve(HexFormat.of().formatHex(digest, 0, DIGEST_BYTES) + ".json");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
