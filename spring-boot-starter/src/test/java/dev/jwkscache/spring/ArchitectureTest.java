package dev.jwkscache.spring;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.Configuration;

/** The rules that Spring Boot has for its own modules. */
class ArchitectureTest {
    private static final Path IMPORTS = Path.of(
            "src/main/resources/META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports");

    private final JavaClasses module = new ClassFileImporter().importPath(Path.of("target/classes"));

    @Test
    void autoConfigurationsArePublicFinalAndHaveNoPublicMembers() {
        classes()
                .that()
                .areAnnotatedWith(AutoConfiguration.class)
                .should()
                .bePublic()
                .andShould()
                .haveModifier(JavaModifier.FINAL)
                .andShould()
                .haveSimpleNameEndingWith("AutoConfiguration")
                .check(module);
        methods()
                .that()
                .areDeclaredInClassesThat()
                .areAnnotatedWith(AutoConfiguration.class)
                .should()
                .notBePublic()
                .check(module);
    }

    @Test
    void theListOfAutoConfigurationsIsWholeAndInOrder() throws Exception {
        List<String> listed = Files.readAllLines(IMPORTS);
        assertThat(listed)
                .isSorted()
                .containsExactlyInAnyOrderElementsOf(module.stream()
                        .filter(type -> type.isAnnotatedWith(AutoConfiguration.class))
                        .map(JavaClass::getName)
                        .toList());
    }

    @Test
    void conditionsAndConfigurationsAreNotPublic() {
        classes().that().areAssignableTo(Condition.class).should().notBePublic().check(module);
        classes()
                .that(CanBeAnnotated.Predicates.annotatedWith(Configuration.class)
                        .and(not(CanBeAnnotated.Predicates.annotatedWith(AutoConfiguration.class))))
                .should()
                .notBePublic()
                .check(module);
        methods().that().areAnnotatedWith(Bean.class).should().notBePublic().check(module);
    }

    @Test
    void whatIsPublicIsMeantToBe() {
        assertThat(module.stream()
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .filter(JavaClass::isTopLevelClass)
                        .filter(type -> !type.isAnnotatedWith(AutoConfiguration.class))
                        .filter(type -> !type.isAnnotatedWith(ConfigurationProperties.class))
                        .map(JavaClass::getSimpleName))
                .contains("CacheProperties", "JwksCacheBuilderCustomizer", "JwksCacheRegistry");
    }

    @Test
    void oneStackKnowsNothingOfTheOther() {
        noClasses()
                .that()
                .haveSimpleNameStartingWith("Reactive")
                .or()
                .haveSimpleName("MissingKeysExceptionHandler")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jakarta.servlet..")
                .check(module);
        noClasses()
                .that()
                .haveSimpleNameNotStartingWith("Reactive")
                .and()
                .doNotHaveSimpleName("MissingKeysExceptionHandler")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "reactor..", "org.springframework.web.server..", "org.springframework.web.reactive..")
                .check(module);
    }

    @Test
    void redisIsKnownInOnePlace() {
        noClasses()
                .that()
                .doNotHaveSimpleName("RedisSnapshotStoreConfiguration")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.jwkscache.redis..", "io.lettuce..")
                .check(module);
    }

    @Test
    void noSourceExceedsFourHundredLines() throws Exception {
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            assertThat(sources.filter(path -> path.toString().endsWith(".java")))
                    .hasSizeGreaterThan(15)
                    .allSatisfy(path ->
                            assertThat(Files.readAllLines(path)).as("%s", path).hasSizeLessThanOrEqualTo(400));
        }
    }
}
