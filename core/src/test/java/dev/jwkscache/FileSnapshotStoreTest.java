package dev.jwkscache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jwkscache.spi.RefusedSnapshotException;
import dev.jwkscache.spi.SnapshotFormat;
import dev.jwkscache.spi.SnapshotRefusal;
import dev.jwkscache.spi.StoredSnapshot;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileSnapshotStoreTest {
    private static final URI ADDRESS = URI.create("https://IDP.example/realms/main/certs");
    private static final byte[] KEY = "this is a key of thirty-two byte".getBytes(StandardCharsets.US_ASCII);
    private static final Instant FETCHED_AT = Instant.parse("2026-03-01T07:08:09.010Z");

    @TempDir
    Path temporary;

    private Path folder;
    private FileSnapshotStore store;

    @BeforeEach
    void inAFolderThatIsNotThereYet() {
        folder = temporary.resolve("var").resolve("snapshots");
        store = FileSnapshotStore.in(folder);
    }

    @Test
    void whatOneStoreKeepsTheNextOneHandsOver() throws Exception {
        for (FileSnapshotStore one :
                List.of(store, FileSnapshotStore.in(temporary.resolve("s")).signedWith(KEY))) {
            assertThat(one.load(ADDRESS).get()).isEmpty();
            publish(one, 7, "seven");
        }
        for (FileSnapshotStore other : List.of(
                FileSnapshotStore.in(folder),
                FileSnapshotStore.in(temporary.resolve("s")).signedWith(KEY))) {
            StoredSnapshot loaded = other.load(ADDRESS).get().orElseThrow();

            assertThat(loaded.document()).asString().isEqualTo("seven");
            assertThat(loaded.address()).isEqualTo(ADDRESS);
            assertThat(loaded.etag()).isEqualTo("\"e\"");
            assertThat(loaded.lastModified()).isNull();
            assertThat(loaded.fetchedAt()).isEqualTo(FETCHED_AT);
            assertThat(loaded.generation()).isEqualTo(7);
        }
    }

    @Test
    void onlyALaterGenerationReplacesWhatIsKept() throws Exception {
        publish(store, 7, "seven");
        publish(FileSnapshotStore.in(folder), 6, "six");
        publish(store, 7, "another seven");
        assertThat(loaded(store)).isEqualTo("seven");

        publish(FileSnapshotStore.in(folder), 100, "hundred");
        publish(store, 9, "nine");
        assertThat(loaded(store)).isEqualTo("hundred");
    }

    @Test
    void addressesAreKeptApartInFoldersThatNameTheHost() throws Exception {
        URI other = URI.create("https://idp.example/realms/main/certs?x=1");
        publish(store, 7, "seven");
        get(store.publish(new StoredSnapshot(other, bytes("other"), null, null, FETCHED_AT, 3)));
        URI issuer = URI.create("urn:issuer:../../x");
        get(store.publish(new StoredSnapshot(issuer, bytes("issuer"), null, null, FETCHED_AT, 1)));

        assertThat(loaded(store)).isEqualTo("seven");
        assertThat(store.load(other).get().orElseThrow().document()).asString().isEqualTo("other");
        assertThat(store.load(issuer).get().orElseThrow().document()).asString().isEqualTo("issuer");
        assertThat(names(folder))
                .hasSize(3)
                .allMatch(name -> name.matches("(idp\\.example|address)-[0-9a-f]{32}"))
                .filteredOn(name -> name.startsWith("idp."))
                .hasSize(2);
    }

    @Test
    void ofManySnapshotsTheLastTwoStay() throws Exception {
        for (int generation = 1; generation <= 12; generation++) {
            publish(store, generation, "g" + generation);
        }
        assertThat(names(onlyFolder())).containsExactlyInAnyOrder("11.jwks", "12.jwks");
    }

    @Test
    void whatIsPurgedNeverComesBack() throws Exception {
        get(store.purge(ADDRESS, 5));
        publish(store, 4, "four");
        publish(store, 5, "five");
        assertThat(store.load(ADDRESS).get()).isEmpty();

        publish(store, 6, "six");
        publish(store, 7, "seven");
        assertThat(loaded(store)).isEqualTo("seven");
        get(store.purge(ADDRESS, 7));
        assertThat(names(onlyFolder())).containsExactlyInAnyOrder("5.purged", "7.purged");
        publish(FileSnapshotStore.in(folder), 7, "seven");
        assertThat(FileSnapshotStore.in(folder).load(ADDRESS).get()).isEmpty();

        publish(store, 8, "eight");
        get(store.purge(ADDRESS, 3));
        get(store.purge(ADDRESS, 7));
        assertThat(loaded(store)).isEqualTo("eight");
    }

    @Test
    void whoIsLateByAPurgeAddsAFileThatCountsForNothing() throws Exception {
        publish(store, 4, "four");
        byte[] late = Files.readAllBytes(onlyFolder().resolve("4.jwks"));
        get(store.purge(ADDRESS, 5));
        Files.write(onlyFolder().resolve("4.jwks"), late);

        assertThat(store.load(ADDRESS).get()).isEmpty();
        get(store.purge(ADDRESS, 5));
        assertThat(names(onlyFolder())).containsExactly("5.purged");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void filesAndFoldersAreForTheOwnerAlone() throws Exception {
        publish(store, 7, "seven");
        get(store.purge(ADDRESS, 1));

        for (Path made : List.of(folder.getParent(), folder, onlyFolder())) {
            assertThat(mode(made)).isEqualTo("rwx------");
        }
        for (String name : List.of("7.jwks", "1.purged")) {
            assertThat(mode(onlyFolder().resolve(name))).isEqualTo("rw-------");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwx---", "rwx----w-"})
    @DisabledOnOs(OS.WINDOWS)
    void withoutAKeyNothingIsTrustedThatOthersCanWrite(String mode) throws Exception {
        publish(store, 7, "seven");
        FileSnapshotStore signed = store.signedWith(KEY);
        get(signed.publish(snapshot(8, "eight")));
        get(signed.purge(ADDRESS, 8));
        publish(store, 9, "nine");
        Path file = onlyFolder().resolve("9.jwks");
        for (Path open : List.of(folder, onlyFolder(), file)) {
            String before = mode(open);
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(mode));

            assertThat(failure(store.load(ADDRESS)))
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessageContaining(open.getFileName() + "\" can be written by others (" + mode + ")")
                    .hasMessageContaining("chmod go-w");
            if (open != file) {
                assertThat(failure(store.publish(snapshot(10, "ten"))))
                        .hasMessageContaining("can be written by others");
                assertThat(failure(store.purge(ADDRESS, 10))).hasMessageContaining("can be written by others");
                assertThat(names(onlyFolder())).containsExactlyInAnyOrder("9.jwks", "8.purged");
            }
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(before));
        }
        assertThat(loaded(store)).isEqualTo("nine");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void withAKeyTheKeyDecides() throws Exception {
        FileSnapshotStore signed = store.signedWith(KEY);
        publish(signed, 7, "seven");
        for (Path open : List.of(folder, onlyFolder(), onlyFolder().resolve("7.jwks"))) {
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        assertThat(loaded(signed)).isEqualTo("seven");
        publish(signed, 8, "eight");
        assertThat(loaded(signed)).isEqualTo("eight");
    }

    @Test
    void withoutAKeyNothingIsTrustedThatBelongsToAnother() throws Exception {
        publish(store, 7, "seven");
        for (Path foreign : List.of(folder, onlyFolder(), onlyFolder().resolve("7.jwks"))) {
            assumeTrue(giveTo(foreign, "65534"), "only root can give files away");

            assertThat(failure(store.load(ADDRESS)))
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessageContaining(foreign.getFileName() + "\" belongs to another user");
            assertThat(giveTo(foreign, "0")).isTrue();
            assertThat(loaded(store)).isEqualTo("seven");
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void linksAndFoldersInPlaceOfFilesAreNotRead() throws Exception {
        publish(store, 7, "seven");
        Path elsewhere = temporary.resolve("elsewhere");
        Files.move(onlyFolder().resolve("7.jwks"), elsewhere);
        Files.createSymbolicLink(onlyFolder().resolve("7.jwks"), elsewhere);
        assertThat(failure(store.load(ADDRESS)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is no regular file");
        Files.createDirectory(onlyFolder().resolve("8.jwks"));
        assertThat(failure(store.load(ADDRESS)))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("8.jwks\" is no regular file; remove it");
        publish(store, 9, "nine");
        assertThat(loaded(store)).isEqualTo("nine");

        Path kept = onlyFolder();
        Files.move(kept, temporary.resolve("moved"));
        Files.createSymbolicLink(kept, temporary.resolve("moved"));
        assertThat(failure(store.load(ADDRESS))).hasMessageEndingWith("\" is no folder; remove it");
        assertThat(failure(store.publish(snapshot(10, "ten")))).hasMessageEndingWith("\" is no folder; remove it");
    }

    @Test
    void whatIsDamagedIsRefusedUntilSomethingIsPublished() throws Exception {
        publish(store, 7, "seven");
        Path file = onlyFolder().resolve("7.jwks");
        byte[] good = Files.readAllBytes(file);
        byte[] altered = good.clone();
        altered[good.length - 1] ^= 1;
        refused(store, file, altered, SnapshotRefusal.ALTERED);
        refused(store, file, Arrays.copyOf(good, good.length - 1), SnapshotRefusal.TRUNCATED);
        refused(store, file, new byte[0], SnapshotRefusal.TRUNCATED);
        refused(store, file, bytes("{\"keys\":[]}"), SnapshotRefusal.FORMAT);
        refused(store.signedWith(KEY), file, good, SnapshotRefusal.SIGNATURE);
        refused(store, file, SnapshotFormat.signed(KEY).write(snapshot(7, "seven")), SnapshotRefusal.SIGNATURE);
        refused(store, file, SnapshotFormat.unsigned().write(snapshot(6, "six")), SnapshotRefusal.ALTERED);
        URI other = URI.create("https://other.example/");
        StoredSnapshot foreign = new StoredSnapshot(other, bytes("x"), null, null, FETCHED_AT, 7);
        refused(store, file, SnapshotFormat.unsigned().write(foreign), SnapshotRefusal.ADDRESS);

        publish(store, 3, "three");
        assertThat(loaded(store)).isEqualTo("three");
    }

    @Test
    void aFileThatIsTooLargeIsNotRead() throws Exception {
        publish(store, 7, "seven");
        Path file = onlyFolder().resolve("7.jwks");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 40);
        }
        assertThat(failure(store.load(ADDRESS)))
                .isInstanceOf(RefusedSnapshotException.class)
                .hasMessageEndingWith("7.jwks\": it has 1099511627776 bytes, of which at most 67174400 are read");
    }

    @Test
    void aSnapshotThatCouldNotBeReadIsNotWritten() throws Exception {
        StoredSnapshot large =
                new StoredSnapshot(ADDRESS, new byte[SnapshotFolder.MAX_BYTES], null, null, FETCHED_AT, 8);
        publish(store, 7, "seven");

        assertThat(failure(store.publish(large)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("bytes; a file of this store has at most 67174400");
        assertThat(failure(store.publish(snapshot(-1, "x")))).isInstanceOf(IllegalArgumentException.class);
        assertThat(names(onlyFolder())).containsExactly("7.jwks");
    }

    @Test
    void whatKilledProcessesLeaveIsRemovedAndNothingElse() throws Exception {
        publish(store, 7, "seven");
        FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
        String own = "0f8fad5b-d9cb-469f-a165-70867728950e.tmp";
        for (String name : List.of(own, "notes.tmp", "x.jwks", "01.jwks", "9223372036854775808.jwks", "README")) {
            Files.setLastModifiedTime(Files.createFile(onlyFolder().resolve(name)), longAgo);
        }
        String young = "1f8fad5b-d9cb-469f-a165-70867728950e.tmp";
        Files.createFile(onlyFolder().resolve(young));

        publish(store, 8, "eight");
        assertThat(loaded(store)).isEqualTo("eight");
        assertThat(names(onlyFolder()))
                .containsExactlyInAnyOrder(
                        "7.jwks",
                        "8.jwks",
                        young,
                        "notes.tmp",
                        "x.jwks",
                        "01.jwks",
                        "9223372036854775808.jwks",
                        "README");
    }

    @Test
    void aFolderThatCannotBeMadeIsSaidToBe() throws Exception {
        Path file = Files.createFile(temporary.resolve("file"));
        for (Path wrong : List.of(file, file.resolve("below"))) {
            FileSnapshotStore nowhere = FileSnapshotStore.in(wrong);

            assertThat(failure(nowhere.publish(snapshot(7, "seven"))))
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessageStartingWith("the folder for snapshots \"/")
                    .hasMessageContaining(wrong.getFileName() + "\" cannot be made (File")
                    .hasMessageEndingWith("; name a folder that this process may make");
            assertThat(failure(nowhere.purge(ADDRESS, 1))).hasMessageContaining("cannot be made");
            assertThat(failure(nowhere.load(ADDRESS)))
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessageContaining("cannot be looked at (FileSystemException: Not a directory)");
        }
    }

    @Test
    void everythingIsDoneWhenAMethodReturns() {
        assertThat(store.load(ADDRESS)).isCompletedWithValue(Optional.empty());
        assertThat(store.publish(snapshot(7, "seven"))).isCompleted();
        assertThat(store.purge(ADDRESS, 7)).isCompleted();
        assertThat(store.load(ADDRESS)).isCompletedWithValue(Optional.empty());
    }

    @Test
    void aKeyIsLongEnoughAndNeverShown() {
        assertThatIllegalArgumentException().isThrownBy(() -> store.signedWith(Arrays.copyOf(KEY, 31)));
        assertThat(store.signedWith(KEY).toString())
                .startsWith("FileSnapshotStore[\"/")
                .endsWith("snapshots\", signed]");
        assertThat(FileSnapshotStore.in(Path.of("a\n", "b")).toString()).endsWith("/a\\u000a/b\"]");
    }

    private void refused(FileSnapshotStore by, Path file, byte[] bytes, SnapshotRefusal refusal) throws IOException {
        Files.write(file, bytes);

        assertThat(failure(by.load(ADDRESS)))
                .isInstanceOfSatisfying(
                        RefusedSnapshotException.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(refusal))
                .hasMessageContaining("7.jwks\": ");
    }

    private static boolean giveTo(Path file, String user) throws IOException {
        try {
            Files.setOwner(
                    file, file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user));
            return true;
        } catch (FileSystemException e) {
            return false;
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private Path onlyFolder() throws IOException {
        assertThat(names(folder)).hasSize(1);
        return folder.resolve(names(folder).get(0));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static StoredSnapshot snapshot(long generation, String document) {
        return new StoredSnapshot(ADDRESS, bytes(document), "\"e\"", null, FETCHED_AT, generation);
    }

    private static void publish(FileSnapshotStore store, long generation, String document) throws Exception {
        get(store.publish(snapshot(generation, document)));
    }

    private static String loaded(FileSnapshotStore store) throws Exception {
        return new String(store.load(ADDRESS).get().orElseThrow().document(), StandardCharsets.UTF_8);
    }

    private static void get(CompletableFuture<Void> done) throws Exception {
        done.get();
    }

    private static Throwable failure(CompletableFuture<?> failed) {
        return failed.handle((done, failure) -> failure).join();
    }
}
