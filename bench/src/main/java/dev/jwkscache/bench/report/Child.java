package dev.jwkscache.bench.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A process of its own on the same JDK. */
public final class Child {
    private Child() {}

    /**
     * Runs a class and returns what it has printed.
     *
     * @param options of the JVM
     * @param only parts of the names of the jars that it is given; all when there are none
     */
    public static String run(Class<?> main, List<String> options, List<String> only, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-cp");
        command.add(classPath(only));
        command.add(main.getName());
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (InputStream output = process.getInputStream()) {
            String printed = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(main.getName() + " ended with status " + status);
            }
            return printed.strip();
        } finally {
            process.destroyForcibly();
        }
    }

    /** The class path of this process; its one jar names all others in its manifest. */
    private static String classPath(List<String> only) {
        String all = System.getProperty("java.class.path");
        if (only.isEmpty()) {
            return all;
        }
        Path jar = Path.of(all);
        List<String> chosen = new ArrayList<>();
        for (String name : only) {
            String[] found = jar.resolveSibling("lib").toFile().list((folder, file) -> file.startsWith(name));
            if (found == null || found.length != 1) {
                throw new IllegalStateException("beside " + jar.getFileName() + " there is not just one " + name);
            }
            chosen.add(jar.resolveSibling("lib").resolve(found[0]).toString());
        }
        return String.join(java.io.File.pathSeparator, chosen);
    }
}
