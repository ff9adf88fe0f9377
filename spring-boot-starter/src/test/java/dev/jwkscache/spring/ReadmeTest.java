package dev.jwkscache.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

class ReadmeTest {
    private static final String DURATION = " If a duration suffix is not specified, seconds will be used.";
    private static final Pattern LINK = Pattern.compile("]\\((?!http)([^)#]+)");

    @TempDir
    Path folder;

    @Test
    void everyJavaSampleIsCodeThatRunsInATest() throws IOException {
        List<String> sources = new ArrayList<>();
        for (String source : List.of("ReadmeSamples", "OutageTest")) {
            sources.add(
                    withoutIndent(Files.readString(Path.of("src/test/java/dev/jwkscache/spring/" + source + ".java"))));
        }

        assertThat(samples("java"))
                .hasSize(2)
                .allSatisfy(sample -> assertThat(sources).anyMatch(source -> source.contains(withoutIndent(sample))));
    }

    @Test
    void everySampleOfPropertiesIsOneThatAnApplicationStartsWith() throws Exception {
        Path key = Files.write(folder.resolve("key"), new byte[32]);
        List<String> samples = samples("yaml");
        assertThat(samples).hasSize(4);
        for (String sample : samples) {
            String here = sample.replaceAll("/run/secrets/\\S+", key.toString());
            PropertySource<?> properties = new YamlPropertySourceLoader()
                    .load("sample", new ByteArrayResource(here.getBytes(StandardCharsets.UTF_8)))
                    .get(0);
            Contexts.plain()
                    .withUserConfiguration(ReadmeSamples.class)
                    .withPropertyValues(sample.contains("issuer-uri") ? new String[0] : new String[] {Contexts.ISSUER})
                    .withInitializer(
                            it -> it.getEnvironment().getPropertySources().addFirst(properties))
                    .run(it -> {
                        assertThat(it).as(sample).hasNotFailed().hasSingleBean(JwksCacheRegistry.class);
                        ((Map<?, ?>) properties.getSource())
                                .keySet().stream()
                                        .map(String::valueOf)
                                        .filter(name -> name.startsWith("jwks-cache.")
                                                && !name.startsWith("jwks-cache.issuers."))
                                        .forEach(name -> assertThat(Metadata.property(name))
                                                .as(name)
                                                .isNotNull());
                    });
        }
    }

    @Test
    void theTableOfPropertiesIsWhatEditorsAreTold() throws IOException {
        String table = Metadata.properties().entrySet().stream()
                .map(property -> row(property.getKey(), property.getValue()))
                .collect(Collectors.joining("\n"));

        assertThat(readme()).endsWith("| property | default | |\n|---|---|---|\n" + table + "\n");
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        Matcher link = LINK.matcher(readme());
        int links = 0;
        while (link.find()) {
            assertThat(Path.of(link.group(1))).exists();
            links++;
        }
        assertThat(links).isPositive();
    }

    private static String row(String name, Map<String, Object> property) {
        Object value = property.get("defaultValue");
        String shown = value == null ? "" : "`" + (value instanceof List<?> list ? list.get(0) : value) + "`";
        String description = String.valueOf(property.get("description")).replace(DURATION, "");
        return "| `" + name + "` | " + shown + " | " + description.replaceAll("'([^']+)'", "`$1`") + " |";
    }

    private static List<String> samples(String language) throws IOException {
        Matcher matcher =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(readme());
        return Stream.iterate(matcher.find(), found -> found, found -> matcher.find())
                .map(found -> matcher.group(1))
                .toList();
    }

    private static String withoutIndent(String code) {
        return code.lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
    }

    private static String readme() throws IOException {
        return Files.readString(Path.of("README.md"));
    }
}
