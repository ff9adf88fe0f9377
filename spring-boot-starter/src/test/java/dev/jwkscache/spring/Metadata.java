package dev.jwkscache.spring;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What editors are told of the properties: the file that the annotation processor of Spring Boot makes. */
final class Metadata {
    private static final Path FILE = Path.of("target/classes/META-INF/spring-configuration-metadata.json");

    private Metadata() {}

    /** Those of the caches, by name; what is said of health and endpoint is worded by Spring Boot. */
    static Map<String, Map<String, Object>> properties() {
        Map<String, Map<String, Object>> byName = new TreeMap<>();
        try {
            Map<String, Object> all = JSONObjectUtils.parse(Files.readString(FILE));
            Arrays.stream(JSONObjectUtils.getJSONObjectArray(all, "properties"))
                    .filter(property -> ((String) property.get("name")).startsWith("jwks-cache"))
                    .forEach(property -> byName.put((String) property.get("name"), property));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ParseException e) {
            throw new IllegalStateException(e);
        }
        return byName;
    }

    static @Nullable Map<String, Object> property(String name) {
        return properties().get(name);
    }
}
