package dev.jwkscache;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** DESIGN §3: what each part of the library must not know. */
class ArchitectureTest {
    private static final String[] NETWORK = {"java.net.http..", "javax.net.."};
    private static final String[] CONCURRENCY = {"java.util.concurrent.."};
    private static final String[] CRYPTOGRAPHY = {"java.security..", "javax.crypto..", "com.nimbusds.."};

    private final JavaClasses library = new ClassFileImporter().importPath(Path.of("target/classes"));

    @Test
    void onlyThreePackagesAreExported() throws Exception {
        try (InputStream descriptor = Files.newInputStream(Path.of("target/classes/module-info.class"))) {
            ModuleDescriptor module = ModuleDescriptor.read(descriptor);

            assertThat(module.exports())
                    .extracting(ModuleDescriptor.Exports::source)
                    .containsExactlyInAnyOrder("dev.jwkscache", "dev.jwkscache.nimbus", "dev.jwkscache.spi");
            assertThat(module.isOpen()).isFalse();
            assertThat(module.opens()).isEmpty();
        }
    }

    @Test
    void noSourceExceedsFourHundredLinesBesideImportsAndBlankOnes() throws Exception {
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            List<Path> all =
                    sources.filter(path -> path.toString().endsWith(".java")).toList();
            assertThat(all)
                    .hasSizeGreaterThan(30)
                    .allSatisfy(path -> assertThat(Files.readAllLines(path).stream()
                                    .filter(line -> !line.startsWith("import ") && !line.isBlank()))
                            .as("%s", path)
                            .hasSizeLessThanOrEqualTo(400));
        }
    }

    /** The processors of most developers hide a missing {@code volatile} or {@code final} from every test. */
    @Test
    void whatReadersShareIsOneVolatileAndOtherwiseFinal() {
        assertThat(library.get(Refresher.class).getFields().stream()
                        .filter(field -> !field.getModifiers().contains(JavaModifier.FINAL)))
                .singleElement()
                .satisfies(state -> {
                    assertThat(state.getName()).isEqualTo("state");
                    assertThat(state.getModifiers()).contains(JavaModifier.VOLATILE);
                });
        assertThat(library.get(Glance.class).getFields().stream()
                        .filter(field -> !field.getModifiers().contains(JavaModifier.FINAL)))
                .singleElement()
                .satisfies(glance -> assertThat(glance.getModifiers()).contains(JavaModifier.VOLATILE));
        // A mark that every lookup reads and that may be read late: why that is harmless stands beside the field.
        assertThat(library.get(Fitting.class).getFields().stream()
                        .filter(field -> !field.getModifiers().contains(JavaModifier.FINAL)))
                .singleElement()
                .satisfies(mark -> {
                    assertThat(mark.getName()).isEqualTo("noteworthy");
                    assertThat(mark.getRawType().getName()).isEqualTo("boolean");
                    assertThat(mark.getModifiers()).doesNotContain(JavaModifier.VOLATILE);
                });
        for (Class<?> shared : List.of(
                RefreshState.class,
                Snapshot.class,
                Moment.class,
                JwkSet.class,
                Jwk.class,
                VerificationKey.class,
                Settings.class,
                AtHand.class,
                JwksCache.class)) {
            assertThat(library.get(shared).getFields())
                    .isNotEmpty()
                    .allSatisfy(field -> assertThat(field.getModifiers())
                            .as(field.getFullName())
                            .contains(JavaModifier.FINAL));
        }
    }

    @Test
    void thePolicyIsPure() {
        for (String pure : List.of("RefreshPolicy", "Moment", "RefreshState", "Settings")) {
            noClasses()
                    .that()
                    .haveSimpleName(pure)
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(NETWORK)
                            .or(resideInAnyPackage(CONCURRENCY))
                            .or(resideInAnyPackage(CRYPTOGRAPHY)))
                    .check(library);
        }
    }

    @Test
    void theKeySetKnowsNeitherTimeNorNetworkNorThreads() {
        noClasses()
                .that()
                .haveSimpleName("JwkSet")
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.time..", "java.net..", "java.util.concurrent.."))
                .check(library);
    }

    @Test
    void theRefresherKnowsNeitherParsingNorHttp() {
        noClasses()
                .that(simpleName("Refresher").or(simpleName("Flight")).or(simpleName("Lookup")))
                .should()
                .dependOnClassesThat(resideInAnyPackage(NETWORK)
                        .or(resideInAnyPackage(CRYPTOGRAPHY))
                        .or(simpleName("JwkSetParser"))
                        .or(simpleName("HttpOrigin")))
                .check(library);
    }

    @Test
    void theOriginKnowsNothingOfCaching() {
        noClasses()
                .that(simpleName("HttpOrigin").or(simpleName("LimitedBody")).or(simpleName("ContentDecoding")))
                .should()
                .dependOnClassesThat(simpleName("Snapshot")
                        .or(simpleName("RefreshState"))
                        .or(simpleName("RefreshPolicy"))
                        .or(simpleName("Refresher"))
                        .or(simpleName("JwkSet")))
                .check(library);
    }

    @Test
    void nimbusOnlyReadsJsonAndKeys() {
        noClasses()
                .that(DescribedPredicate.not(simpleName("Json")
                        .or(simpleName("KeyMaterial"))
                        .or(resideInAnyPackage("dev.jwkscache.nimbus"))))
                .should()
                .dependOnClassesThat(resideInAnyPackage("com.nimbusds.."))
                .check(library);
    }

    @Test
    void theLibraryKnowsNothingOfWhatStandsOnIt() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.jwkscache", "dev.jwkscache.spi")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.jwkscache.nimbus")
                .check(library);
    }

    @Test
    void whatDecidesAboutMetadataIsPure() {
        noClasses()
                .that(simpleName("Metadata").or(simpleName("WellKnown")).or(simpleName("Issuer")))
                .should()
                .dependOnClassesThat(resideInAnyPackage(NETWORK)
                        .or(resideInAnyPackage(CONCURRENCY))
                        .or(resideInAnyPackage("java.time..")))
                .check(library);
        noClasses()
                .that(simpleName("IssuerOrigin").or(simpleName("Discovery")).or(simpleName("Steps")))
                .should()
                .dependOnClassesThat(resideInAnyPackage(NETWORK)
                        .or(resideInAnyPackage("com.nimbusds.."))
                        .or(simpleName("Snapshot"))
                        .or(simpleName("RefreshState"))
                        .or(simpleName("Refresher")))
                .check(library);
    }

    /** Not every runtime has the recorder: whatever else needed it would fail there. */
    @Test
    void onlyTheRecordingKnowsTheFlightRecorder() {
        noClasses()
                .that()
                .haveNameNotMatching("dev\\.jwkscache\\.FlightRecording(\\$.*)?")
                .should()
                .dependOnClassesThat(resideInAnyPackage("jdk.jfr.."))
                .check(library);
    }

    @Test
    void theSpiKnowsNothingOfTheLibrary() {
        noClasses()
                .that()
                .resideInAPackage("dev.jwkscache.spi")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.jwkscache")
                .check(library);
    }

    @Test
    void threadsAreMadeInOnePlace() {
        noClasses()
                .that()
                .doNotHaveSimpleName("SharedThreads")
                .should()
                .callConstructor(Thread.class, Runnable.class, String.class)
                .orShould()
                .callConstructor(Thread.class, Runnable.class)
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.concurrent.Executors")
                .check(library);
    }
}
