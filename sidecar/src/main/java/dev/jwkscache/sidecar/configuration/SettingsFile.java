package dev.jwkscache.sidecar.configuration;

import dev.jwkscache.sidecar.Printable;
import dev.jwkscache.sidecar.configuration.ProviderConfiguration.Kind;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads the YAML file. Only the tree of nodes is used, so that every fault has its line, and a value is what stands there:
 * {@code 010} is ten, {@code on} is a text.
 */
final class SettingsFile {
    static final int MOST_BYTES = 1 << 20;

    private static final int DEEPEST = 20;
    private static final String PROVIDERS = "providers";
    private static final String ISSUER = "issuer";
    private static final String JWKS_URI = "jwks-uri";
    private static final Set<Tag> PLAIN_TAGS =
            Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.TIMESTAMP, Tag.NULL, Tag.MERGE, Tag.YAML);

    private final String name;
    private final Faults faults;
    private final Map<Setting, Given> settings = new EnumMap<>(Setting.class);
    private final List<Entry> providers = new ArrayList<>();
    private boolean mentionsProviders;

    /** A provider and what it has for itself. */
    record Entry(ProviderAddress address, Map<Setting, Given> settings) {}

    private SettingsFile(String name, Faults faults) {
        this.name = name;
        this.faults = faults;
    }

    /**
     * Reads a file; what is wrong with it is added to the faults.
     *
     * @param name for messages
     */
    static SettingsFile read(String name, String content, Faults faults) {
        SettingsFile file = new SettingsFile(Printable.of(name, 200), faults);
        if (content.length() > MOST_BYTES) {
            file.mentionsProviders = true;
            faults.add(file.name + " has more than " + MOST_BYTES + " characters, which no configuration needs");
            return file;
        }
        Node root = file.compose(content);
        if (root != null) {
            file.readRoot(root);
        }
        return file;
    }

    static SettingsFile none() {
        return new SettingsFile("", new Faults());
    }

    /** Whether a provider is written there, right or wrong, or the file could not be read. */
    boolean mentionsProviders() {
        return mentionsProviders;
    }

    /** For all providers and for the process, in canonical form. */
    Map<Setting, Given> settings() {
        return settings;
    }

    List<Entry> providers() {
        return providers;
    }

    private @Nullable Node compose(String content) {
        LoaderOptions limits = new LoaderOptions();
        limits.setCodePointLimit(MOST_BYTES);
        limits.setNestingDepthLimit(DEEPEST);
        limits.setMaxAliasesForCollections(0);
        try {
            return new Yaml(new SafeConstructor(limits)).compose(new StringReader(content));
        } catch (MarkedYAMLException e) {
            mentionsProviders = true;
            String problem = e.getProblem() == null ? "is no YAML" : e.getProblem();
            faults.add(name
                    + (e.getProblemMark() == null
                            ? ""
                            : ", line " + (e.getProblemMark().getLine() + 1))
                    + ": " + Printable.of(problem, 200) + (problem.contains("\\t") ? "; indent with spaces" : ""));
        } catch (YAMLException e) {
            mentionsProviders = true;
            faults.add(name + ": "
                    + Printable.of(
                            String.valueOf(e.getMessage()).lines().findFirst().orElse(""), 200));
        }
        return null;
    }

    private void readRoot(Node root) {
        Optional<Map<String, NodeTuple>> members = members(root, "");
        mentionsProviders = members.isEmpty();
        members.orElse(Map.of()).forEach((key, member) -> {
            if (key.equals(PROVIDERS)) {
                mentionsProviders = true;
                members(member.getValueNode(), PROVIDERS)
                        .orElse(Map.of())
                        .forEach((provider, value) -> readProvider(provider, value.getKeyNode(), value.getValueNode()));
                return;
            }
            Optional<Setting> setting = Setting.of(key);
            if (setting.isPresent()) {
                readValue(setting.get(), key, member.getValueNode(), settings);
            } else {
                List<String> known = new ArrayList<>(keys(Arrays.asList(Setting.values())));
                known.add(PROVIDERS);
                unknown(member.getKeyNode(), key, key, known);
            }
        });
    }

    private void readProvider(String provider, Node key, Node value) {
        String path = PROVIDERS + "." + Printable.of(provider, 63);
        if (value instanceof ScalarNode) {
            text(value, path)
                    .flatMap(address -> ProviderAddress.of(provider, address, null, at(value, path), faults))
                    .ifPresent(address -> providers.add(new Entry(address, Map.of())));
            return;
        }
        Map<Setting, Given> own = new EnumMap<>(Setting.class);
        Map<String, ScalarNode> addresses = new LinkedHashMap<>();
        Optional<Map<String, NodeTuple>> members = members(value, path);
        members.orElse(Map.of()).forEach((name, member) -> {
            String inner = path + "." + name;
            Optional<Setting> setting = Setting.of(name);
            if (name.equals(ISSUER) || name.equals(JWKS_URI)) {
                text(member.getValueNode(), inner)
                        .ifPresent(text -> addresses.put(name, (ScalarNode) member.getValueNode()));
            } else if (setting.isEmpty()) {
                List<String> known = new ArrayList<>(keys(Setting.of(Scope.CACHE)));
                known.addAll(List.of(ISSUER, JWKS_URI));
                unknown(member.getKeyNode(), inner, name, known);
            } else if (setting.get().scope() == Scope.PROCESS) {
                faults.add(at(member.getKeyNode(), inner)
                        + " is a setting of the process and not of one provider; move it to" + " the top of the file");
            } else {
                readValue(setting.get(), inner, member.getValueNode(), own);
            }
        });
        if (members.isEmpty()) {
            return;
        }
        if (addresses.size() != 1) {
            faults.add(at(key, path) + " has " + (addresses.isEmpty() ? "neither" : "both")
                    + " issuer and jwks-uri; name one" + " of them");
            return;
        }
        addresses.forEach((which, node) -> ProviderAddress.of(
                        provider,
                        node.getValue(),
                        which.equals(ISSUER) ? Kind.ISSUER : Kind.JWKS_URI,
                        at(node, path + "." + which),
                        faults)
                .ifPresent(address -> providers.add(new Entry(address, own))));
    }

    private void readValue(Setting setting, String path, Node node, Map<Setting, Given> into) {
        Optional<String> text = setting.kind().isMany() ? many(setting, node, path) : text(node, path);
        text.flatMap(value -> Reading.canonical(new Given(setting, at(node, path), value), faults))
                .ifPresent(given -> into.put(setting, given));
    }

    /** Several texts, or for header fields also names with their values, as one text. */
    private Optional<String> many(Setting setting, Node node, String path) {
        String divider = setting.kind() == ValueKind.HEADERS ? "\n" : " ";
        List<Optional<String>> parts = new ArrayList<>();
        if (node instanceof SequenceNode sequence) {
            sequence.getValue().forEach(element -> parts.add(text(element, path)));
        } else if (node instanceof MappingNode && divider.equals("\n")) {
            members(node, path)
                    .orElse(Map.of())
                    .forEach((field, value) -> parts.add(
                            text(value.getValueNode(), path + "." + field).map(content -> field + ": " + content)));
        } else {
            return text(node, path);
        }
        if (!parts.stream().allMatch(Optional::isPresent)) {
            return Optional.empty();
        }
        List<String> texts = parts.stream().map(Optional::orElseThrow).toList();
        if (texts.stream().anyMatch(text -> text.strip().lines().count() != 1)) {
            faults.add(at(node, path) + " must have parts of one line each");
            return Optional.empty();
        }
        return Optional.of(String.join(divider, texts));
    }

    /** The members of a mapping, none of them twice; empty, with a fault, if it is none. */
    private Optional<Map<String, NodeTuple>> members(Node node, String path) {
        if (!(node instanceof MappingNode mapping) || !node.getTag().equals(Tag.MAP)) {
            faults.add(at(node, path) + " must be a map of names to values, such as 'port: 8090'");
            return Optional.empty();
        }
        Map<String, NodeTuple> members = new LinkedHashMap<>();
        for (NodeTuple member : mapping.getValue()) {
            if (!(member.getKeyNode() instanceof ScalarNode key)) {
                faults.add(at(member.getKeyNode(), path) + " has a name that is no text");
                continue;
            }
            NodeTuple first = members.putIfAbsent(key.getValue(), member);
            if (first != null) {
                faults.add(at(key, path) + " has " + Faults.quoted(key.getValue()) + " a second time, after line "
                        + (first.getKeyNode().getStartMark().getLine() + 1) + "; remove one of them");
            }
        }
        return Optional.of(members);
    }

    private Optional<String> text(Node node, String path) {
        if (!(node instanceof ScalarNode scalar) || !PLAIN_TAGS.contains(node.getTag())) {
            faults.add(at(node, path) + " must be one plain value, not a "
                    + (node instanceof MappingNode
                            ? "map"
                            : node instanceof SequenceNode ? "list" : "value with a tag"));
            return Optional.empty();
        }
        if (node.getTag().equals(Tag.NULL)) {
            faults.add(at(node, path) + " has no value; write one, or remove the line");
            return Optional.empty();
        }
        return Optional.of(scalar.getValue());
    }

    private void unknown(Node key, String path, String written, List<String> known) {
        faults.add(at(key, path) + " is not known" + Nearest.question(written, new TreeSet<>(known)));
    }

    private static List<String> keys(List<Setting> settings) {
        return settings.stream().map(Setting::key).toList();
    }

    private String at(Node node, String path) {
        String line = name + ", line " + (node.getStartMark().getLine() + 1);
        return path.isEmpty() ? line : line + ": " + Printable.of(path, 200);
    }
}
