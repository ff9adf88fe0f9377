package dev.jwkscache.sidecar.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** What a sidecar is told in a test: arguments, variables and a file that need not exist. */
final class Told {
    static final String HOME = "/home/somebody";
    static final String IDP = "https://idp.example/realms/main";

    private final List<String> arguments = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private ConfigurationReader.FileText file = new ConfigurationReader.FileText("jwks-cache.yaml", "");

    static Told line(String... arguments) {
        Told told = new Told();
        told.arguments.addAll(List.of(arguments));
        return told;
    }

    static Told variable(String name, String value) {
        return new Told().and(name, value);
    }

    static Told yaml(String text) {
        return new Told().file(text);
    }

    Told and(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Told file(String text) {
        file = new ConfigurationReader.FileText("jwks-cache.yaml", text);
        return this;
    }

    Configuration read() {
        return ConfigurationReader.read(values(arguments), environment, file, HOME, warnings::add);
    }

    List<String> faults() {
        ConfigurationException refused = catchThrowableOfType(ConfigurationException.class, this::read);
        assertThat(refused).as("nothing is wrong").isNotNull();
        return refused.faults();
    }

    List<String> warnings() {
        return warnings;
    }

    /** By way of picocli, as in the process. */
    private static CommandLineValues values(List<String> arguments) {
        return ServeOptions.values(parse(arguments.toArray(String[]::new)));
    }

    static ParseResult parse(String... arguments) {
        CommandSpec command = CommandSpec.create().name("serve");
        ServeOptions.addTo(command);
        return new CommandLine(command).parseArgs(arguments);
    }
}
