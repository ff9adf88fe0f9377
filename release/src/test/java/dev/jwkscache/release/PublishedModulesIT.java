package dev.jwkscache.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import org.apache.maven.model.Dependency;
import org.apache.maven.model.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the build has left for publication is what Maven Central takes and the module path can use. */
class PublishedModulesIT {
    static List<Module> published() throws IOException {
        return Module.published();
    }

    static List<Module> jars() throws IOException {
        return Module.published().stream().filter(Module::hasJar).toList();
    }

    @ParameterizedTest
    @MethodSource("published")
    void thePomSaysWhatCentralDemands(Module module) throws IOException {
        Model pom = Module.read(module.publishedPom());
        assertThat(pom.getGroupId()).isEqualTo("dev.jwkscache");
        assertThat(pom.getArtifactId()).isEqualTo(module.artifactId());
        assertThat(pom.getName()).startsWith("jwks-cache");
        assertThat(module.model().getDescription())
                .describedAs("its own description, not that of the parent")
                .isNotBlank();
        assertThat(pom.getDescription()).isEqualTo(module.model().getDescription());
        assertThat(pom.getUrl()).startsWith("https://");
        assertThat(pom.getLicenses())
                .singleElement()
                .satisfies(license -> assertThat(license.getName()).isEqualTo("Apache-2.0"));
        assertThat(pom.getDevelopers())
                .isNotEmpty()
                .allSatisfy(developer -> assertThat(developer.getName()).isNotBlank());
        assertThat(pom.getScm().getConnection()).startsWith("scm:git:https://");
        assertThat(pom.getScm().getDeveloperConnection()).startsWith("scm:git:");
        assertThat(pom.getScm().getUrl()).isEqualTo(pom.getUrl());
    }

    @ParameterizedTest
    @MethodSource("published")
    void thePomStandsByItself(Module module) throws IOException {
        Model pom = Module.read(module.publishedPom());
        assertThat(pom.getParent()).isNull();
        assertThat(pom.getVersion()).isNotBlank();
        assertThat(Files.readString(module.publishedPom()).replace("${project.version}", pom.getVersion()))
                .doesNotContain("${");
        assertThat(pom.getDependencies()).allSatisfy((Dependency dependency) -> {
            assertThat(dependency.getVersion())
                    .describedAs("version of %s", dependency)
                    .isNotBlank();
            assertThat(dependency.getScope()).isNotEqualTo("test");
            if (dependency.getGroupId().equals("dev.jwkscache")) {
                assertThat(dependency.getVersion()).isEqualTo(pom.getVersion());
            } else {
                assertThat(dependency.getVersion()).doesNotContain("SNAPSHOT");
            }
        });
    }

    @ParameterizedTest
    @MethodSource("jars")
    void theJarHasAModuleNameThatItsFileNameDoesNotMake(Module module) throws IOException {
        ModuleDescriptor descriptor = descriptor(module);
        if (descriptor.isAutomatic()) {
            try (JarFile jar = new JarFile(module.jar().toFile())) {
                assertThat(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"))
                        .describedAs("Automatic-Module-Name of %s, which has no module-info", module)
                        .isEqualTo(descriptor.name());
            }
        }
        assertThat(descriptor.name()).startsWith("dev.jwkscache");
        assertThat(descriptor.packages())
                .isNotEmpty()
                .describedAs("packages of module %s", descriptor.name())
                .allSatisfy(name -> assertThat(name).startsWith(descriptor.name()));
    }

    @Test
    void noTwoModulesShareAPackage() throws IOException {
        List<String> packages = new ArrayList<>();
        for (Module module : jars()) {
            packages.addAll(descriptor(module).packages());
        }
        assertThat(packages).hasSizeGreaterThan(4).doesNotHaveDuplicates();
    }

    private static ModuleDescriptor descriptor(Module module) {
        return ModuleFinder.of(module.jar()).findAll().stream()
                .findAny()
                .orElseThrow(() -> new AssertionError("no module in " + module.jar() + ": run mvn verify first"))
                .descriptor();
    }
}
