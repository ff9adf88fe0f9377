package dev.jwkscache.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** An application with none of the optional libraries that watch it: no filter of names, but a class path without them. */
class WithoutActuatorTest {
    private static final Pattern WATCHING = Pattern.compile(
            ".*/(spring-boot-(starter-)?(actuator|health|micrometer)[^/]*"
                    + "|micrometer-(core|jakarta9|registry)[^/]*|jwks-cache-micrometer[^/]*|micrometer/target/classes)");

    @Test
    void itHasItsCachesAllTheSame() throws Exception {
        assertThat(beans(entry -> false)).contains("jwksCache", "jwksCacheMeters", "jwksHealthContributor");

        assertThat(beans(entry -> WATCHING.matcher(entry).matches()))
                .contains("jwksCache", "jwksCacheRegistry")
                .doesNotContain("jwksCacheMeters", "jwksHealthContributor", "jwksEndpoint");
    }

    @SuppressWarnings("unchecked")
    private static List<String> beans(Predicate<String> missing) throws Exception {
        URL[] rest = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !missing.test(entry))
                .map(WithoutActuatorTest::url)
                .toArray(URL[]::new);
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(rest, ClassLoader.getPlatformClassLoader())) {
            Thread.currentThread().setContextClassLoader(loader);
            return (List<String>) loader.loadClass(Application.class.getName())
                    .getDeclaredMethod("beans")
                    .invoke(null);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Loaded anew each time. */
    public static final class Application {
        private Application() {}

        /** Starts it, and tells what is in it. */
        public static List<String> beans() {
            try (ConfigurableApplicationContext context = new SpringApplicationBuilder(HelloApplication.class)
                    .web(WebApplicationType.NONE)
                    .run(
                            "--spring.main.banner-mode=off",
                            "--spring.main.log-startup-info=false",
                            "--management.endpoints.web.exposure.include=jwks",
                            "--spring.security.oauth2.resourceserver.jwt.jwk-set-uri=http://127.0.0.1:9/jwks")) {
                return List.of(context.getBeanDefinitionNames());
            }
        }
    }
}
