package dev.jwkscache.release;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.maven.model.Build;
import org.apache.maven.model.Model;
import org.apache.maven.model.io.xpp3.MavenXpp3Reader;
import org.codehaus.plexus.util.xml.pull.XmlPullParserException;

/** A module of this project as its pom.xml describes it. */
record Module(Path folder, Model model) {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** Every module that the root names, and those that these name. */
    static List<Module> all() throws IOException {
        List<Module> modules = new ArrayList<>();
        collect(root(), modules);
        return modules;
    }

    static List<Module> published() throws IOException {
        return all().stream().filter(Module::isPublished).toList();
    }

    static Module root() throws IOException {
        return new Module(ROOT, read(ROOT.resolve("pom.xml")));
    }

    static Model read(Path pom) throws IOException {
        try (Reader reader = Files.newBufferedReader(pom)) {
            return new MavenXpp3Reader().read(reader);
        } catch (XmlPullParserException e) {
            throw new IOException(pom + " is no pom", e);
        }
    }

    private static void collect(Module parent, List<Module> into) throws IOException {
        for (String name : parent.model().getModules()) {
            Path folder = parent.folder().resolve(name);
            Module module = new Module(folder, read(folder.resolve("pom.xml")));
            into.add(module);
            collect(module, into);
        }
    }

    String artifactId() {
        return model.getArtifactId();
    }

    /** Not a folder that only holds other modules, and not kept from publication. */
    boolean isPublished() {
        return model.getModules().isEmpty() && !isSet("maven.deploy.skip");
    }

    boolean isSet(String property) {
        return Boolean.parseBoolean(model.getProperties().getProperty(property));
    }

    boolean hasJar() {
        return model.getPackaging().equals("jar");
    }

    /** What Maven makes of its pom for publication. */
    Path publishedPom() {
        return folder.resolve("target/flattened-pom.xml");
    }

    Path jar() {
        Build build = model.getBuild();
        String name = build == null ? null : build.getFinalName();
        String version = Objects.requireNonNull(model.getParent(), "parent").getVersion();
        return folder.resolve("target/" + (name == null ? artifactId() + "-" + version : name) + ".jar");
    }

    @Override
    public String toString() {
        return artifactId();
    }
}
