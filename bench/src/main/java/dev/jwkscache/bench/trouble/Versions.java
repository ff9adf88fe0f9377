package dev.jwkscache.bench.trouble;

import java.security.CodeSource;

/** Which version of a library is on the class path. */
final class Versions {
    static final String OURS = "this checkout";

    private Versions() {}

    /** By the manifest, or else by the name of the jar: NAME-VERSION.jar. */
    static String of(Class<?> type) {
        String declared = type.getPackage().getImplementationVersion();
        return declared != null ? declared : ofJar(type);
    }

    private static String ofJar(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        String file = source == null ? "" : source.getLocation().getPath();
        String name = file.substring(file.lastIndexOf('/') + 1).replaceFirst("\\.jar$", "");
        return name.replaceFirst("^.*?-(?=[0-9])", "");
    }
}
