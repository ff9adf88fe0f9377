package dev.jwkscache.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples of a module's page compile, and its links lead somewhere. */
public abstract class ReadmeContract {
    private static final Path PAGE = Path.of("README.md");
    private static final Pattern SAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
    private static final List<String> IMPORTS = List.of(
            "dev.jwkscache.*", "java.net.*", "java.security.*", "java.time.*", "java.util.*", "java.util.concurrent.*");

    @TempDir
    Path directory;

    /** What the samples import beside the library and the JDK, as {@code com.auth0.jwt.*}. */
    protected abstract List<String> imports();

    /** Names that the samples may use, as declarations of static fields without a value. */
    protected abstract List<String> given();

    @Test
    public void everySampleCompiles() throws IOException {
        List<String> samples = samples().toList();
        assertThat(samples).hasSizeGreaterThan(1);
        for (String sample : samples) {
            compile(sample);
        }
    }

    @Test
    public void aSampleThatDoesNotCompileIsFound() {
        assertThatThrownBy(() -> compile("nothing.at(all);"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("nothing");
    }

    @Test
    public void itNamesItsCoordinatesAndItsLinksLeadSomewhere() throws IOException {
        String page = Files.readString(PAGE);
        String artifact = "jwks-cache-" + Path.of("").toAbsolutePath().getFileName();
        assertThat(page).contains("<artifactId>" + artifact + "</artifactId>", "<version>0.1.0-SNAPSHOT</version>");
        assertThat(LINK.matcher(page).results().map(link -> link.group(1)))
                .isNotEmpty()
                .allSatisfy(target -> assertThat(Path.of(target)).exists());
    }

    private static Stream<String> samples() throws IOException {
        return SAMPLE.matcher(Files.readString(PAGE)).results().map((MatchResult sample) -> sample.group(1));
    }

    private void compile(String code) throws IOException {
        String source = source(code);
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

    /** Statements go into a method, methods into the class. */
    private String source(String code) {
        StringBuilder source = new StringBuilder();
        Stream.concat(IMPORTS.stream(), imports().stream())
                .forEach(name -> source.append("import ").append(name).append(";\n"));
        source.append("class Sample {\n");
        given().forEach(field -> source.append("static ").append(field).append(";\n"));
        return code.startsWith("static ")
                ? source.append(code).append("}\n").toString()
                : source.append("static void run() throws Exception {\n")
                        .append(code)
                        .append("}}\n")
                        .toString();
    }
}
