package dev.jwkscache.sidecar.management;

/** The version of the jar. */
final class Version {
    static final String TEXT = text(Version.class.getPackage().getImplementationVersion());

    private Version() {}

    private static String text(@org.jspecify.annotations.Nullable String packaged) {
        return packaged == null ? "(not packaged)" : packaged;
    }
}
