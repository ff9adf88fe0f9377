package dev.jwkscache.release;

import static java.util.function.Predicate.not;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.apache.maven.model.Dependency;
import org.junit.jupiter.api.Test;

/** The BOM names every published module and nothing else, and gives its users nothing but versions. */
class BomTest {
    private static final String ARTIFACT = "jwks-cache-bom";

    @Test
    void namesEveryPublishedModuleAndNoOther() throws IOException {
        List<String> published = Module.published().stream()
                .map(Module::artifactId)
                .filter(not(ARTIFACT::equals))
                .toList();
        assertThat(published).hasSizeGreaterThan(3);

        assertThat(bom().model().getDependencyManagement().getDependencies())
                .allSatisfy(entry -> {
                    assertThat(entry.getGroupId()).isEqualTo("dev.jwkscache");
                    assertThat(entry.getVersion()).isEqualTo("${project.version}");
                })
                .extracting(Dependency::getArtifactId)
                .describedAs("bom/pom.xml beside the modules that do not set maven.deploy.skip")
                .containsExactlyInAnyOrderElementsOf(published);
    }

    @Test
    void whatIsNotPublishedIsNotComparedWithAReleaseEither() throws IOException {
        assertThat(Module.all())
                .filteredOn(module -> module.isSet("maven.deploy.skip"))
                .hasSizeGreaterThan(3)
                .allSatisfy(module -> assertThat(module.isSet("japicmp.skip"))
                        .describedAs("japicmp.skip of %s, which sets maven.deploy.skip", module)
                        .isTrue());
    }

    /** Made by the build of the BOM, a moment ago where the whole project is built. */
    @Test
    void hasNeitherParentNorPropertiesNorForeignVersionsWhenPublished() throws IOException {
        var published = Module.read(bom().publishedPom());
        assertThat(published.getParent()).isNull();
        assertThat(published.getVersion()).isNotBlank().doesNotContain("$");
        assertThat(published.getProperties()).isEmpty();
        assertThat(published.getDependencies()).isEmpty();
        assertThat(published.getBuild()).isNull();
        assertThat(published.getDependencyManagement().getDependencies())
                .hasSameSizeAs(bom().model().getDependencyManagement().getDependencies())
                .allSatisfy(entry -> {
                    assertThat(entry.getGroupId()).isEqualTo("dev.jwkscache");
                    assertThat(entry.getVersion()).isEqualTo("${project.version}");
                });
    }

    private static Module bom() throws IOException {
        return Module.all().stream()
                .filter(module -> module.artifactId().equals(ARTIFACT))
                .findAny()
                .orElseThrow(() -> new AssertionError("the root names no module " + ARTIFACT));
    }
}
