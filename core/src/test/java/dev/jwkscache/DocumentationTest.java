package dev.jwkscache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.jwkscache.testkit.ScriptedProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Java samples of the documentation compile, and the first of the README runs. */
class DocumentationTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern SAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
    private static final List<String> IMPORTS = List.of(
            "dev.jwkscache.*",
            "dev.jwkscache.spi.*",
            "dev.jwkscache.testkit.*",
            "com.nimbusds.jose.JWSObject",
            "java.io.*",
            "java.net.InetSocketAddress",
            "java.net.ProxySelector",
            "java.net.URI",
            "java.nio.file.*",
            "java.security.*",
            "java.time.*",
            "java.util.*",
            "java.util.concurrent.*");

    @TempDir
    Path directory;

    record Sample(Path page, int number, String code) {
        @Override
        public String toString() {
            return page + " sample " + number;
        }
    }

    static Stream<Sample> samples() throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (Path page : pages()) {
            if (page.endsWith("fleet.md") || page.endsWith("clients.md")) {
                continue; // Compiled where Redis is on the class path; whole classes of the sidecar's tests.
            }
            Matcher matcher = SAMPLE.matcher(Files.readString(page));
            while (matcher.find()) {
                samples.add(new Sample(page, samples.size() + 1, matcher.group(1)));
            }
        }
        assertThat(samples).hasSizeGreaterThan(10);
        return samples.stream();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyJavaSampleCompiles(Sample sample) throws IOException {
        compile(wrap(sample.code()));
    }

    @Test
    void theSampleOfTheReadmeVerifiesARealToken() throws Exception {
        try (ScriptedProvider provider = ScriptedProvider.start("RS256")) {
            Matcher matcher = SAMPLE.matcher(Files.readString(ROOT.resolve("README.md")));
            assertThat(matcher.find()).isTrue();
            String sample = matcher.group(1);
            Matcher address = Pattern.compile("URI\\.create\\(\"([^\"]+)\"\\)").matcher(sample);
            assertThat(address.find()).isTrue();
            compile(wrap(sample.replace(address.group(1), provider.jwksUri().toString())));

            assertThat(run(provider.token())).contains("true");
            String forged = provider.token().replaceFirst("\\.[^.]{4}", ".e30x");
            assertThat(run(forged)).contains("false");
        }
    }

    @Test
    void theSamplesForThoseWhoComeFromNimbusDoWhatTheyDid() throws Exception {
        List<Sample> samples = samples()
                .filter(sample -> sample.page().endsWith("migrating.md"))
                .toList();
        assertThat(samples).hasSize(3);
        for (Sample sample : samples) {
            Files.createDirectory(directory.resolve("" + sample.number()));
            compile(wrap(sample.code()), directory.resolve("" + sample.number()));
        }
        Method status = method(samples.get(2), "status", DefaultJWTProcessor.class, String.class);
        try (ScriptedProvider provider = ScriptedProvider.start("RS256")) {
            JwksCache cache = JwksCache.builder(provider.jwksUri()).build();
            cache.start();
            Object dropIn = method(samples.get(0), "dropIn", JwksCache.class).invoke(null, cache);
            Object processor =
                    method(samples.get(1), "processor", JwksCache.class).invoke(null, cache);

            for (Object each : List.of(dropIn, processor)) {
                assertThat(status.invoke(null, each, provider.token())).isEqualTo(200);
                assertThat(status.invoke(null, each, provider.forgedToken())).isEqualTo(401);
            }
            cache.close();
            for (Object each : List.of(dropIn, processor)) {
                assertThat(status.invoke(null, each, provider.forgedToken())).isEqualTo(503);
            }
        }
    }

    @Test
    void theTestOfAServiceInTheTestKitsReadmeIsOneThatRuns() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/jwkscache/readme/OrdersTest.java"));

        assertThat(Files.readString(ROOT.resolve("testkit/README.md")))
                .contains("```java\n" + source.substring(source.indexOf("class OrdersTest")) + "```");
    }

    @Test
    void everyLocalLinkLeadsSomewhere() throws IOException {
        for (Path page : pages()) {
            Matcher matcher = LINK.matcher(Files.readString(page));
            while (matcher.find()) {
                Path target = page.resolveSibling(matcher.group(1)).normalize();
                assertThat(target).as("link in %s", page).exists();
            }
        }
    }

    @Test
    void theSettingsPageNamesEverySettingOfTheBuilder() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/settings.md"));
        Set<String> notSettings =
                Set.of("build", "equals", "hashCode", "toString", "getClass", "notify", "notifyAll", "wait");

        assertThat(Stream.of(JwksCache.Builder.class, JwksCaches.Builder.class, Transport.class)
                        .flatMap(type -> Stream.of(type.getMethods()))
                        .filter(method -> !Modifier.isStatic(method.getModifiers()))
                        .map(Method::getName)
                        .filter(name -> !notSettings.contains(name)))
                .hasSizeGreaterThan(10)
                .allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
        assertThat(page)
                .contains("JWKS_URI", "JWKS_TTL_SECONDS", "JWKS_REFRESH_INTERVAL", "JWKS_FETCH_TIMEOUT")
                .contains("JWKS_MAX_STALENESS");
    }

    private Method method(Sample sample, String name, Class<?>... parameters) throws Exception {
        URL[] classes = {directory.resolve("" + sample.number()).toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(classes, getClass().getClassLoader())) {
            Method method = loader.loadClass("Sample").getDeclaredMethod(name, parameters);
            method.setAccessible(true);
            return method;
        }
    }

    private String run(String token) throws Exception {
        URL[] classes = {directory.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(classes, getClass().getClassLoader())) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Class<?> type = loader.loadClass("Sample");
            type.getMethod("run", String.class, PrintStream.class)
                    .invoke(null, token, new PrintStream(out, true, UTF_8));
            return out.toString(UTF_8);
        }
    }

    private void compile(String source) throws IOException {
        compile(source, directory);
    }

    private static void compile(String source, Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("Sample.java"), source);
        StringWriter complaints = new StringWriter();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options =
                List.of("--release", "17", "-cp", System.getProperty("java.class.path"), "-d", directory.toString());
        boolean compiled;
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            compiled = compiler.getTask(complaints, files, null, options, null, files.getJavaFileObjects(file))
                    .call();
        }
        assertThat(compiled).as("%s%n%s", complaints, source).isTrue();
    }

    /** Statements go into a method, methods into the class; a sample may rely on the names that the guide announces. */
    private static String wrap(String code) {
        StringBuilder source = new StringBuilder();
        IMPORTS.forEach(name -> source.append("import ").append(name).append(";\n"));
        StringBuilder body = new StringBuilder();
        code.lines()
                .forEach(line -> (line.startsWith("import ") ? source : body)
                        .append(line)
                        .append('\n'));
        String statements = body.toString().stripLeading();
        source.append("public class Sample {\n");
        if (statements.startsWith("static ")) {
            return source.append(statements).append("}\n").toString();
        }
        List<String> given = new ArrayList<>();
        if (!statements.contains("JwksCache cache =")) {
            given.add("JwksCache cache = null;");
        }
        for (String name : List.of("kid", "alg")) {
            if (!statements.contains("String " + name + " =")) {
                given.add("String " + name + " = null;");
            }
        }
        return source.append("public static void run(String token, PrintStream out) throws Exception {\n")
                .append(String.join("\n", given))
                .append(statements.replace("System.out.", "out."))
                .append("}}\n")
                .toString();
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")));
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            docs.filter(path -> path.toString().endsWith(".md")).forEach(pages::add);
        }
        return pages;
    }

    @Test
    void aSampleThatDoesNotCompileIsFound() {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> compile(wrap("cache.nothing();"))))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("nothing");
    }

    @Test
    void addressesInSamplesAreExamples() throws IOException {
        for (Path page : pages()) {
            Matcher matcher = Pattern.compile("URI\\.create\\(\"([^\"]+)\"").matcher(Files.readString(page));
            while (matcher.find()) {
                assertThat(URI.create(matcher.group(1)).getHost()).endsWith("example");
            }
        }
    }
}
