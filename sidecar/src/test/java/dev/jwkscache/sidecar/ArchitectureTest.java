package dev.jwkscache.sidecar;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What each package must not know. */
class ArchitectureTest {
    private static final String ALL = "dev.jwkscache.sidecar";
    private static final JavaClasses SIDECAR = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ALL);

    @Test
    void noSourceExceedsFourHundredLines() throws Exception {
        try (Stream<Path> sources = Files.walk(Path.of("src/main"))) {
            List<Path> all = sources.filter(path -> path.toString().matches(".*\\.(java|js)"))
                    .toList();
            assertThat(all)
                    .hasSizeGreaterThan(100)
                    .allSatisfy(path ->
                            assertThat(Files.readAllLines(path)).as("%s", path).hasSizeLessThanOrEqualTo(400));
        }
    }

    @Test
    void thoseWhoKeepKeysKnowNothingOfThoseWhoServeThem() {
        knowNothingOf("providers", "serving", "management", "process", "history", "demo", "story");
        knowNothingOf("history", "providers", "serving", "management", "process", "demo", "story");
        knowNothingOf("configuration", "providers", "serving", "management", "process", "history", "demo", "story");
    }

    @Test
    void theServersKnowNothingOfEachOtherButTheCountOfRequests() {
        knowNothingOf("serving", "management", "process", "history", "demo", "story");
        noClasses()
                .that()
                .resideInAPackage(ALL + ".management..")
                .and()
                .haveSimpleNameNotStartingWith("Meters")
                .and()
                .haveSimpleNameNotStartingWith("RequestCounts")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ALL + ".serving..")
                .check(SIDECAR);
        knowNothingOf("management", "process", "history", "demo", "story");
    }

    @Test
    void whatHttpServersAreMadeOfIsKnownToServersOnly() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        ALL + ".providers..", ALL + ".history..", ALL + ".configuration..", ALL + ".story..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "io.vertx.core.http..")
                .check(SIDECAR);
    }

    private static void knowNothingOf(String own, String... others) {
        for (String other : others) {
            noClasses()
                    .that()
                    .resideInAPackage(ALL + "." + own + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(ALL + "." + other + "..")
                    .check(SIDECAR);
        }
    }
}
