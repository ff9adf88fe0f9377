package dev.jwkscache.sidecar.history;

import static dev.jwkscache.sidecar.history.RecordedLife.kid;
import static dev.jwkscache.sidecar.history.RecordedLife.kids;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.JwksCache;
import dev.jwkscache.sidecar.configuration.Configuration;
import dev.jwkscache.sidecar.history.Change.What;
import dev.jwkscache.sidecar.history.Trust.End;
import dev.jwkscache.sidecar.history.TrustedKey.Source;
import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.SigningKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryRecordTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir
    @SuppressWarnings("NullAway.Init") // Set by JUnit.
    private Path temporary;

    private Path folder() {
        return temporary.resolve("state").resolve("history");
    }

    @Test
    void eachKeyIsTrustedFromTheRefreshThatBroughtItToTheOneThatLacksIt() {
        try (RecordedLife life = new RecordedLife(folder()).start()) {
            String first = kid(life.provider.current("ES256"));
            Instant begun = life.now();
            life.advance(Duration.ofSeconds(20));
            String second = kid(life.provider.rotate());
            Instant rotated = life.refresh();
            life.advance(Duration.ofSeconds(20));
            life.provider.withdraw(first);
            Instant withdrawn = life.refresh();
            life.advance(Duration.ofSeconds(20));

            assertThat(life.kidsAt(begun.minusMillis(1))).isEmpty();
            assertThat(life.kidsAt(begun)).containsExactly(first);
            assertThat(life.kidsAt(rotated.minusMillis(1))).containsExactly(first);
            assertThat(life.kidsAt(rotated)).containsExactlyInAnyOrder(first, second);
            assertThat(life.kidsAt(withdrawn.minusMillis(1))).containsExactlyInAnyOrder(first, second);
            assertThat(life.kidsAt(withdrawn)).containsExactly(second);

            Answer last = life.at(life.now());
            assertThat(last.recorded()).isTrue();
            assertThat(last.keys()).singleElement().satisfies(trust -> {
                assertThat(trust.end()).isEqualTo(End.STILL);
                assertThat(trust.to()).isNull();
                assertThat(trust.provider()).isEqualTo("default");
                assertThat(trust.address()).isEqualTo(life.provider.jwksUri().toString());
                assertThat(trust.key().since()).isEqualTo(rotated);
                assertThat(trust.key().source()).isEqualTo(Source.PROVIDER);
            });
            assertThat(life.at(begun).keys()).singleElement().satisfies(trust -> {
                assertThat(trust.end()).isEqualTo(End.WITHDRAWN);
                assertThat(trust.to()).isEqualTo(withdrawn);
            });
        }
    }

    @Test
    void newMaterialUnderAnOldKidIsAnotherKey() {
        try (RecordedLife life = new RecordedLife(folder()).start()) {
            SigningKey old = life.provider.current("ES256");
            String before = life.at(life.now()).keys().get(0).key().thumbprint();
            life.advance(Duration.ofSeconds(20));
            life.provider.withdraw(old);
            life.provider.addKey("ES256", kid(old));
            Instant changed = life.refresh();

            assertThat(life.at(changed.minusMillis(1)).keys())
                    .extracting(trust -> trust.key().thumbprint())
                    .containsExactly(before);
            assertThat(life.at(changed).keys())
                    .singleElement()
                    .satisfies(trust -> assertThat(trust.key().thumbprint()).isNotEqualTo(before));
        }
    }

    @Test
    void inAnOutageTrustEndsAtMaxStalenessAndBeginsAnewWithTheNextFetch() {
        try (RecordedLife life = new RecordedLife(folder()).start()) {
            String key = kid(life.provider.current("ES256"));
            life.advance(Duration.ofSeconds(20));
            Instant confirmed = life.refresh();
            Instant end = confirmed.plus(RecordedLife.MAX_STALENESS);
            life.provider.behave(Behaviour.status(503));
            life.advance(RecordedLife.MAX_STALENESS.minus(SECOND));
            assertThat(life.served()).containsExactly(key);
            assertThat(life.kidsAt(life.now())).containsExactly(key);
            life.advance(SECOND.multipliedBy(2));
            assertThat(life.served()).isEmpty();
            assertThat(life.kidsAt(life.now())).isEmpty();
            life.advance(Duration.ofHours(1));
            life.provider.behave(Behaviour.healthy());
            Instant back = life.refresh();

            assertThat(life.kidsAt(end.minusMillis(1))).containsExactly(key);
            assertThat(life.kidsAt(end)).isEmpty();
            assertThat(life.at(end).recorded()).isTrue();
            assertThat(life.kidsAt(back.minusMillis(1))).isEmpty();
            assertThat(life.at(back).keys())
                    .singleElement()
                    .satisfies(trust -> assertThat(trust.key().since()).isEqualTo(back));
            assertThat(life.at(confirmed).keys()).singleElement().satisfies(trust -> {
                assertThat(trust.end()).isEqualTo(End.EXPIRED);
                assertThat(trust.to()).isEqualTo(end);
            });
        }
    }

    @Test
    void aPurgeEndsTrustAtOnce() {
        try (RecordedLife life = new RecordedLife(folder()).start()) {
            life.advance(Duration.ofSeconds(20));
            life.provider.behave(Behaviour.status(503));
            Instant purged = life.now();
            life.cache().purge();
            life.advance(Duration.ofSeconds(5));

            assertThat(life.kidsAt(purged.minusMillis(1))).hasSize(1);
            assertThat(life.kidsAt(purged)).isEmpty();
            assertThat(life.history().changes()).extracting(Change::what).contains(What.PURGED);
        }
    }

    @Test
    void aRestartDuringAnOutageTrustsFromTheStoreWithItsAge() {
        try (RecordedLife life = new RecordedLife(folder()).start()) {
            Instant fetched = life.now();
            life.advance(Duration.ofSeconds(20));
            life.provider.behave(Behaviour.status(503));
            Instant stopped = life.now();
            life.stop();
            Instant started = life.advance(Duration.ofMinutes(10));
            life.start();
            life.advance(Duration.ofHours(2));

            assertThat(life.kidsAt(stopped.minusMillis(1))).hasSize(1);
            Answer between = life.at(stopped);
            assertThat(between.keys()).isEmpty();
            assertThat(between.recorded()).isFalse();
            assertThat(between.lastBefore()).isEqualTo(stopped);
            assertThat(between.nextAfter()).isEqualTo(started);
            assertThat(life.at(started).keys()).singleElement().satisfies(trust -> {
                assertThat(trust.key().source()).isEqualTo(Source.STORE);
                assertThat(trust.end()).isEqualTo(End.EXPIRED);
                assertThat(trust.to()).isEqualTo(fetched.plus(RecordedLife.MAX_STALENESS));
            });
        }
    }

    @Test
    void afterACrashTheLastWordBoundsWhatIsCertainAndMaxStalenessWhatIsPossible() {
        try (RecordedLife life = new RecordedLife(folder()).start()) {
            life.advance(Duration.ofSeconds(90));
            Instant last = life.refresh();
            Instant crashed = life.advance(Duration.ofSeconds(30));
            life.crash();
            life.advance(Duration.ofHours(3));

            assertThat(life.at(last).recorded()).isTrue();
            Answer after = life.at(crashed);
            assertThat(after.recorded()).isFalse();
            assertThat(after.keys()).singleElement().satisfies(trust -> {
                assertThat(trust.isPerhapsAt(crashed)).isTrue();
                assertThat(trust.end()).isEqualTo(End.UNKNOWN);
                assertThat(trust.knownTo()).isEqualTo(last);
                assertThat(trust.to()).isEqualTo(last.plus(RecordedLife.MAX_STALENESS));
            });
            assertThat(life.kidsAt(last.plus(RecordedLife.MAX_STALENESS))).isEmpty();
        }
    }

    @Test
    void theNextStartEndsWhatACrashLeavesOpen() {
        try (RecordedLife life = new RecordedLife(folder()).start()) {
            life.crash();
            Instant started = life.advance(Duration.ofMinutes(5));
            life.provider.withdraw(life.provider.current("ES256"));
            String fresh = kid(life.provider.addKey("ES256"));
            life.start();
            life.refresh();

            assertThat(life.kidsAt(started.minusMillis(1))).hasSize(1).doesNotContain(fresh);
            assertThat(life.kidsAt(life.now())).containsExactly(fresh);
        }
    }

    @Test
    void aTornLineIsSkippedWithANoteAndTheNextWriterBeginsOnALineOfItsOwn() {
        try (RecordedLife life = new RecordedLife(folder()).start()) {
            Instant first = life.now();
            life.advance(Duration.ofSeconds(20));
            life.crashInLine();
            Instant second = life.advance(Duration.ofMinutes(5));
            life.start();

            assertThat(life.text().lines())
                    .filteredOn(line -> line.endsWith("00:00:0"))
                    .hasSize(1);
            assertThat(life.kidsAt(first)).hasSize(1);
            assertThat(life.at(second).recorded()).isTrue();
            assertThat(life.kidsAt(second)).hasSize(1);
            assertThat(life.history().notes())
                    .singleElement()
                    .asString()
                    .contains("1 line skipped that cannot be read, the first is line ");
        }
    }

    @Test
    void everyFileCanBeReadAlone() throws IOException {
        try (RecordedLife life = new RecordedLife(folder(), 2000, 1000).start()) {
            for (int i = 0; i < 60; i++) {
                life.advance(Duration.ofSeconds(120));
                if (i % 3 == 0) {
                    life.provider.rotate();
                }
                life.refresh();
            }
            History whole = life.history();
            List<Path> files = List.copyOf(life.files().keySet());
            assertThat(files).hasSizeGreaterThan(5);
            Path alone = Files.createDirectory(temporary.resolve("alone"));
            for (Path file : files) {
                Path copy = Files.copy(file, alone.resolve(file.getFileName()));
                Instant end = Line.parse(Objects.requireNonNull(Files.readAllLines(copy)
                                .get(Files.readAllLines(copy).size() - 1)))
                        .at();
                assertThat(kids(History.read(alone, life.now()).at(end, trust -> true)))
                        .containsExactlyInAnyOrderElementsOf(kids(whole.at(end, trust -> true)));
                Files.delete(copy);
            }
        }
    }

    @Test
    void oldFilesAreDeletedAndWhatIsTrustedIsKnownAllTheSame() {
        try (RecordedLife life = new RecordedLife(folder(), 2000, 2).start()) {
            Instant begun = life.now();
            String oldest = kid(life.provider.current("ES256"));
            for (int i = 0; i < 60; i++) {
                life.advance(Duration.ofSeconds(120));
                life.provider.rotate();
                life.refresh();
            }
            assertThat(life.files()).hasSize(3);
            assertThat(life.kidsAt(life.now())).containsExactlyInAnyOrderElementsOf(life.served());
            assertThat(life.kidsAt(life.now())).contains(oldest);
            assertThat(life.at(begun).recorded()).isFalse();
            assertThat(life.at(life.now()).keys())
                    .filteredOn(trust -> oldest.equals(trust.key().kid()))
                    .singleElement()
                    .satisfies(trust -> assertThat(trust.key().since()).isEqualTo(begun));
        }
    }

    @Test
    void aFolderThatCannotBeMadeHurtsNobodyAndIsRecoveredFrom() throws IOException {
        Path obstacle = temporary.resolve("state");
        Files.writeString(obstacle, "in the way");
        try (RecordedLife life = new RecordedLife(folder())) {
            Instant begun = life.now();
            life.start();
            assertThat(life.served()).hasSize(1);
            life.advance(Duration.ofSeconds(20));
            assertThat(life.cache().key(null, "ES256")).isNotNull();
            Files.delete(obstacle);
            Instant recovered = life.refresh();
            life.advance(Duration.ofSeconds(20));

            Answer lost = life.at(begun);
            assertThat(lost.recorded()).isFalse();
            assertThat(lost.lost()).isTrue();
            assertThat(life.at(recovered).recorded()).isTrue();
            assertThat(life.at(recovered).keys())
                    .singleElement()
                    .satisfies(trust -> assertThat(trust.key().since()).isEqualTo(begun));
        }
    }

    @Test
    void whatCannotBeWrittenIsAGapThatIsWarnedOfOnceAndServingGoesOn() throws IOException {
        PrintStream stderr = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (RecordedLife life = new RecordedLife(folder()).start()) {
            SigningKey first = life.provider.current("ES256");
            Instant fine = life.advance(Duration.ofSeconds(20)).minusMillis(1);
            Path aside = temporary.resolve("aside");
            Files.move(folder(), aside);
            Files.writeString(folder(), "in the way");
            String second = kid(life.provider.rotate());
            Instant from = life.refresh();
            life.advance(Duration.ofSeconds(20));
            life.provider.withdraw(first);
            Instant between = life.refresh();
            assertThat(life.served()).containsExactly(second);
            life.advance(Duration.ofSeconds(20));
            Files.delete(folder());
            Files.move(aside, folder());
            Instant again = life.refresh();
            life.advance(Duration.ofSeconds(20));

            assertThat(life.at(fine).recorded()).isTrue();
            assertThat(life.kidsAt(fine)).containsExactly(kid(first));
            assertThat(life.at(from).lost()).isTrue();
            assertThat(life.at(between).recorded()).isFalse();
            assertThat(life.at(again).recorded()).isTrue();
            assertThat(life.at(again).keys())
                    .singleElement()
                    .satisfies(trust -> assertThat(trust.key().since()).isEqualTo(from));
            assertThat(life.history().changes()).extracting(Change::what).contains(What.GAP);
        } finally {
            System.setErr(stderr);
        }
        assertThat(log.toString(StandardCharsets.UTF_8)).containsOnlyOnce("jwks_history_failed");
        assertThat(log.toString(StandardCharsets.UTF_8)).containsOnlyOnce("jwks_history_recovered");
    }

    @Test
    void filesThatSomebodyDeletesAreMadeAnewAtOnce() throws IOException {
        try (RecordedLife life = new RecordedLife(folder()).start()) {
            life.advance(Duration.ofSeconds(20));
            for (Path file : life.files().keySet()) {
                Files.delete(file);
            }
            String fresh = kid(life.provider.rotate());
            Instant rotated = life.refresh();

            assertThat(life.kidsAt(rotated)).hasSize(2).contains(fresh);
        }
    }

    @Test
    void onlyTheOwnerMayReadTheRecord() throws IOException {
        try (RecordedLife life = new RecordedLife(folder()).start()) {
            assertThat(life.runs()).isTrue();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())))
                    .isEqualTo("rwx------");
            try (var files = Files.list(folder())) {
                assertThat(files.toList())
                        .hasSize(2)
                        .allSatisfy(
                                file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                                        .isEqualTo("rw-------"));
            }
        }
    }

    @Test
    void twoProcessesOnOneFolderKeepApart() {
        try (RecordedLife one = new RecordedLife(folder()).start();
                RecordedLife other = new RecordedLife(folder()).start()) {
            assertThat(one.files().keySet())
                    .extracting(file -> file.getFileName().toString())
                    .containsExactly("history-1-000001.jsonl", "history-2-000001.jsonl");
            one.advance(Duration.ofSeconds(20));
            other.advance(Duration.ofSeconds(20));
            assertThat(one.kidsAt(one.now()))
                    .containsExactlyInAnyOrder(
                            kid(one.provider.current("ES256")), kid(other.provider.current("ES256")));
            assertThat(one.at(one.now()).twice()).isFalse();
        }
    }

    @Test
    void aClockThatIsSetBackShowsATimeTwiceAndTheKeysOfBothAreTold() {
        try (RecordedLife life = new RecordedLife(folder()).start()) {
            Instant start = life.now();
            String first = kid(life.provider.current("ES256"));
            life.advance(Duration.ofMinutes(20));
            life.provider.withdraw(first);
            String second = kid(life.provider.addKey("ES256"));
            life.refresh();
            life.advance(SECOND);
            life.time.leapWall(Duration.ofMinutes(-15));
            life.refresh();
            life.provider.behave(Behaviour.status(503));
            life.advance(Duration.ofMinutes(59));
            assertThat(life.kidsAt(life.now())).containsExactly(second);
            life.advance(Duration.ofMinutes(2));
            assertThat(life.served()).isEmpty();
            assertThat(life.kidsAt(life.now())).isEmpty();

            Answer twice = life.at(start.plus(Duration.ofMinutes(10)));
            assertThat(twice.twice()).isTrue();
            assertThat(kids(twice)).containsExactlyInAnyOrder(first, second);
            Answer once = life.at(start.plus(Duration.ofMinutes(2)));
            assertThat(once.twice()).isFalse();
            assertThat(kids(once)).containsExactly(first);
            assertThat(life.history().changes()).extracting(Change::what).contains(What.CLOCK);
        }
    }

    @Test
    void keysOfAClockThatWasSetBackEndEarlierByIt() {
        try (RecordedLife life = new RecordedLife(folder()).start()) {
            life.provider.behave(Behaviour.status(503));
            life.advance(Duration.ofMinutes(20));
            life.time.leapWall(Duration.ofMinutes(-15));
            life.advance(Duration.ofMinutes(39));
            assertThat(life.served()).hasSize(1);
            assertThat(life.kidsAt(life.now())).hasSize(1);
            life.advance(Duration.ofMinutes(2));
            assertThat(life.served()).isEmpty();
            assertThat(life.kidsAt(life.now())).isEmpty();
        }
    }

    @Test
    void aSuspendedMachineAgesItsKeys() {
        try (RecordedLife life = new RecordedLife(folder()).start()) {
            Instant fetched = life.now();
            life.provider.behave(Behaviour.status(503));
            life.advance(SECOND);
            life.time.suspend(Duration.ofHours(2));
            life.advance(Duration.ofMinutes(10));

            Instant end = fetched.plus(RecordedLife.MAX_STALENESS);
            assertThat(life.kidsAt(end.minusMillis(1))).hasSize(1);
            assertThat(life.kidsAt(end)).isEmpty();
        }
    }

    @Test
    void aCacheThatTakesOverForAnotherIsNotMistakenForIt() {
        try (RecordedLife life = new RecordedLife(folder()).start()) {
            String key = kid(life.provider.current("ES256"));
            life.advance(Duration.ofSeconds(20));
            try (JwksCache next = life.cache("default", life.record())) {
                life.cache().close();
                life.advance(Duration.ofSeconds(20));
                assertThat(next.status().kids()).isEqualTo(Set.of(key));
                assertThat(life.kidsAt(life.now())).containsExactly(key);
            }
        }
    }

    @Test
    void confirmationsThatGainLittleAreNotAllWritten() {
        try (RecordedLife life = new RecordedLife(folder()).start()) {
            for (int i = 0; i < 100; i++) {
                life.advance(SECOND);
                life.refresh();
            }
            assertThat(life.text()
                            .lines()
                            .filter(line -> line.contains("\"renewed\""))
                            .count())
                    .isBetween(1L, 2L);
            Instant last = life.now();
            life.provider.behave(Behaviour.status(503));
            life.refresh();
            life.advance(SECOND.multipliedBy(2));
            life.crash();
            assertThat(life.at(life.now().plusMillis(1)).keys())
                    .singleElement()
                    .satisfies(trust -> assertThat(trust.to()).isEqualTo(last.plus(RecordedLife.MAX_STALENESS)));
        }
    }

    @Test
    void whatIsToldAfterTheEndIsNotRecorded() {
        RecordedLife life = new RecordedLife(folder()).start();
        HistoryRecord record = HistoryRecord.open(new Configuration.History(folder(), 1000, 1));
        record.close();
        record.close();
        life.stop();
        String before = life.text();
        life.close();
        assertThat(life.text()).isEqualTo(before).endsWith("\n");
        assertThat(before.lines().filter(line -> line.contains("\"stopped\""))).hasSize(2);
    }
}
