package dev.jwkscache.sidecar.configuration;

import dev.jwkscache.sidecar.configuration.ConfigurationReader.FileText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** The options and arguments of {@code serve}, made from the table of settings, and what they come to. */
public final class ServeOptions {
    private static final String CONFIG = "--config";
    private static final String ISSUER = "--issuer";
    private static final String JWKS_URI = "--jwks-uri";
    private static final String NAMED = "[NAME=]<address>";

    private ServeOptions() {}

    /** Adds every option, and the addresses as arguments. Values are checked by {@link #read}, all of them together. */
    public static void addTo(CommandSpec command) {
        command.addPositional(PositionalParamSpec.builder()
                .index("0..*")
                .arity("0..*")
                .paramLabel(NAMED)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .description(
                        "Providers, each by its issuer or its jwks_uri, whichever the address looks like; one without a name"
                                + " is named default (" + Variables.PROVIDERS + ").")
                .build());
        command.addOption(option(ISSUER, NAMED)
                .description("A provider by its issuer (" + Variables.ISSUERS + ").")
                .build());
        command.addOption(option(JWKS_URI, NAMED)
                .description("A provider by its jwks_uri (" + Variables.JWKS_URIS + "; default: " + Variables.JWKS_URI
                        + ").")
                .build());
        command.addOption(option(CONFIG, "<file>")
                .description("A YAML file of settings and providers (" + Variables.CONFIG + ").")
                .build());
        for (Setting setting : Setting.values()) {
            setting.flag().ifPresent(flag -> command.addOption(option(setting, flag)));
        }
        List<String> footer = new ArrayList<>(List.of(command.usageMessage().footer()));
        Arrays.stream(Setting.values())
                .filter(setting -> setting.flag().isEmpty())
                .forEach(setting ->
                        footer.add("Only by variable or file: " + setting.key() + ", " + described(setting)));
        command.usageMessage().footer(footer.toArray(String[]::new));
    }

    /**
     * Reads everything, the file too. May be called again with the same arguments when the file has changed.
     *
     * @param environment the variables of the process
     * @param home the property {@code user.home}
     * @param warnings gets what is odd but no fault, ready to be logged
     * @throws ConfigurationException if anything is wrong
     */
    public static Configuration read(
            ParseResult parsed, Map<String, String> environment, String home, Consumer<String> warnings) {
        return ConfigurationReader.read(values(parsed), environment, text(parsed, environment), home, warnings);
    }

    /** The file that is read, if one is named. */
    public static Optional<Path> file(ParseResult parsed, Map<String, String> environment) {
        List<String> names = values(parsed, CONFIG);
        if (names.size() > 1) {
            throw refusal(CONFIG + " is given " + names.size() + " times; give it once");
        }
        String source = names.isEmpty() ? Variables.CONFIG : CONFIG;
        String name =
                names.isEmpty() ? environment.getOrDefault(Variables.CONFIG, "").strip() : names.get(0);
        try {
            return name.isEmpty() ? Optional.empty() : Optional.of(Path.of(name));
        } catch (InvalidPathException e) {
            throw refusal(source + " is " + Faults.quoted(name) + ", which is no path of this system");
        }
    }

    /** What stands on the command line. */
    static CommandLineValues values(ParseResult parsed) {
        Map<Setting, List<String>> settings = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            setting.flag()
                    .map(flag -> values(parsed, flag))
                    .filter(values -> !values.isEmpty())
                    .ifPresent(values -> settings.put(setting, values));
        }
        return new CommandLineValues(
                settings,
                parsed.matchedPositionals().isEmpty()
                        ? List.of()
                        : parsed.matchedPositionals().get(0).getValue(),
                values(parsed, ISSUER),
                values(parsed, JWKS_URI));
    }

    private static @Nullable FileText text(ParseResult parsed, Map<String, String> environment) {
        Path file = file(parsed, environment).orElse(null);
        if (file == null) {
            return null;
        }
        String named = "the file " + Faults.quoted(file.toString());
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(SettingsFile.MOST_BYTES + 1);
            if (content.length > SettingsFile.MOST_BYTES) {
                throw refusal(
                        named + " has more than " + SettingsFile.MOST_BYTES + " bytes, which no configuration needs");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            Path last = file.getFileName();
            return new FileText(last == null ? file.toString() : last.toString(), text);
        } catch (CharacterCodingException e) {
            throw refusal(named + " is not written in UTF-8");
        } catch (NoSuchFileException e) {
            throw refusal("there is no file " + Faults.quoted(file.toString()) + "; name one with --config or "
                    + Variables.CONFIG);
        } catch (IOException e) {
            throw refusal(named + " cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static OptionSpec option(Setting setting, String flag) {
        OptionSpec.Builder option = option(flag, setting.kind().label()).description(described(setting));
        if (setting.kind() == ValueKind.FLAG) {
            // Without =on or =off it is on; a value apart would be taken for an address.
            option.arity("0..1").preprocessor((arguments, command, argument, info) -> {
                if (" ".equals(info.get("separator"))) {
                    arguments.push("on");
                }
                return false;
            });
        }
        return option.build();
    }

    /** What a setting is, as picocli wants it: with formats, which it has none of. */
    private static String described(Setting setting) {
        String text = setting.description() + " (" + setting.variable() + "; " + setting.shownDefault() + ").";
        return text.replace("%", "%%");
    }

    /** An option that may be given again, so that this is told with everything else. */
    private static OptionSpec.Builder option(String flag, String label) {
        return OptionSpec.builder(flag)
                .arity("1")
                .paramLabel(label)
                .type(List.class)
                .auxiliaryTypes(String.class);
    }

    private static List<String> values(ParseResult parsed, String flag) {
        return parsed.hasMatchedOption(flag) ? parsed.matchedOptionValue(flag, List.of()) : List.of();
    }

    private static ConfigurationException refusal(String fault) {
        return new ConfigurationException(List.of(fault));
    }
}
