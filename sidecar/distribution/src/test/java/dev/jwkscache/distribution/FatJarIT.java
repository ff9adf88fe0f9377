package dev.jwkscache.distribution;

import static java.util.function.Predicate.not;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.testkit.Behaviour;
import dev.jwkscache.testkit.ScriptedProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.Attributes.Name;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one jar, beside the jars that it is made of. */
class FatJarIT {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @Test
    void startsByItself() throws Exception {
        assertThat(Ended.run(JAVA, "-jar", Built.JAR.toString(), "--version"))
                .isEqualTo(new Ended(
                        0,
                        "jwks-cache " + Built.VERSION + ", Java " + System.getProperty("java.version")
                                + System.lineSeparator(),
                        ""));
        try (ScriptedProvider provider = ScriptedProvider.start("RS256")) {
            provider.behave(Behaviour.healthy().cacheControl("public, max-age=300"));
            Ended good = Ended.run(
                    JAVA,
                    "-jar",
                    Built.JAR.toString(),
                    "inspect",
                    provider.jwksUri().toString());
            assertThat(good.out()).contains(provider.current("RS256").kid()).contains("clean:");
            assertThat(good.err()).isEmpty();
            assertThat(good.status()).isZero();
        }
    }

    @Test
    void servesWhatAProviderPublishesAndEndsWhenItIsTold(@TempDir Path state) throws Exception {
        List<String> command = List.of(JAVA, "-jar", Built.JAR.toString());
        try (ScriptedProvider provider = ScriptedProvider.start("RS256");
                Serving serving = Serving.start(command, provider.issuer(), state, Map.of())) {
            assertThat(serving.printed()).as("one line and no other").hasSize(1);
            DistributionIT.assertServes(serving, provider);
            assertThat(serving.terminate()).isZero();
        }
    }

    @Test
    void theManifestNamesNoOtherJar() throws IOException {
        try (JarFile jar = new JarFile(Built.JAR.toFile())) {
            Attributes attributes = jar.getManifest().getMainAttributes();
            assertThat(attributes.getValue(Name.MAIN_CLASS)).isEqualTo("dev.jwkscache.sidecar.Main");
            assertThat(attributes.getValue(Name.IMPLEMENTATION_VERSION)).isEqualTo(Built.VERSION);
            assertThat(attributes.getValue(Name.MULTI_RELEASE)).isEqualTo("true");
            assertThat(attributes.containsKey(Name.CLASS_PATH)).isFalse();
        }
    }

    @Test
    void holdsEveryClassOfEveryJarAndNoSignatureOrDescriptor() throws IOException {
        Set<String> packed = new HashSet<>(entries(Built.JAR));
        assertThat(packed)
                .noneMatch(name -> name.endsWith("module-info.class"))
                .noneMatch(name -> name.matches("META-INF/[^/]*\\.(SF|DSA|RSA|EC)"));
        Set<String> missing = new TreeSet<>();
        for (Path jar : jars()) {
            entries(jar).stream()
                    .filter(name -> name.endsWith(".class") && !name.endsWith("module-info.class"))
                    .filter(not(packed::contains))
                    .forEach(missing::add);
        }
        assertThat(missing).isEmpty();
        assertThat(packed).hasSizeGreaterThan(1000).doesNotHaveDuplicates();
    }

    @Test
    void everyServiceIsNamedWithAllItsProviders() throws IOException {
        Map<String, Set<String>> expected = new TreeMap<>();
        for (Path jar : jars()) {
            collectServices(jar, expected);
        }
        assertThat(expected).containsKey("META-INF/services/org.slf4j.spi.SLF4JServiceProvider");
        Map<String, Set<String>> packed = new TreeMap<>();
        collectServices(Built.JAR, packed);
        assertThat(packed).isEqualTo(expected);
    }

    /** Word for word, wherever it went: licences ask for that. */
    @Test
    void noLicenceIsLost() throws IOException {
        StringBuilder all = new StringBuilder();
        try (JarFile jar = new JarFile(Built.JAR.toFile())) {
            for (JarEntry entry : jar.stream().filter(FatJarIT::isLicence).toList()) {
                all.append(squeezed(jar, entry)).append('\n');
            }
        }
        int found = 0;
        for (Path path : jars()) {
            try (JarFile jar = new JarFile(path.toFile())) {
                for (JarEntry entry : jar.stream().filter(FatJarIT::isLicence).toList()) {
                    assertThat(all.indexOf(squeezed(jar, entry)))
                            .as("%s of %s is in the one jar", entry, path.getFileName())
                            .isNotNegative();
                    found++;
                }
            }
        }
        assertThat(found).isGreaterThan(10);
        assertThat(all.toString()).contains("MIT License").contains("Apache License");
    }

    private static boolean isLicence(JarEntry entry) {
        return !entry.isDirectory()
                && entry.getName().matches("META-INF/(.*/)?(LICENSE|NOTICE)[^/]*|META-INF/license/.*");
    }

    /** Line ends and indentation do not matter. */
    private static String squeezed(JarFile jar, JarEntry entry) throws IOException {
        return new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8)
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static void collectServices(Path path, Map<String, Set<String>> into) throws IOException {
        try (JarFile jar = new JarFile(path.toFile())) {
            for (JarEntry entry : jar.stream()
                    .filter(entry -> entry.getName().matches("META-INF/services/[^/]+"))
                    .toList()) {
                Set<String> providers = into.computeIfAbsent(entry.getName(), name -> new TreeSet<>());
                new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .map(line -> line.replaceFirst("#.*", "").strip())
                        .filter(not(String::isEmpty))
                        .forEach(providers::add);
            }
        }
    }

    private static List<String> entries(Path path) throws IOException {
        try (JarFile jar = new JarFile(path.toFile())) {
            return jar.stream().map(JarEntry::getName).toList();
        }
    }

    private static List<Path> jars() throws IOException {
        try (Stream<Path> files = Files.list(Built.FOLDER.resolve("lib"))) {
            return files.sorted().toList();
        }
    }
}
