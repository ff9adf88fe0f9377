package dev.jwkscache.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jwkscache.sidecar.Cli.Run;
import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {

    @Test
    void helpNamesTheCommands() {
        Run run = Cli.run("--help");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("demo", "watch", "inspect", "history");
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "demo,--seconds",
        "demo,--no-browser",
        "demo,--terminal",
        "watch,--max-staleness",
        "inspect,--timeout",
        "history,--at"
    })
    void everyCommandHasHelp(String command, String option) {
        Run run = Cli.run(command, "--help");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains(option, "Exit status");
    }

    @Test
    void versionNamesTheJava() {
        Run run = Cli.run("--version");
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .startsWith("jwks-cache ")
                .contains("Java " + Runtime.version().feature());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                                                  | name a command: demo, serve, watch, inspect or history
            dmo                                   | there is no command 'dmo'; there are demo, serve, watch, inspect and history
            --loud                                | Unknown option: '--loud'
            demo --loud                           | Unknown option: '--loud'
            demo more                             | 'more' is one argument too many
            demo --seconds                        | Missing required parameter for option '--seconds'
            demo --seconds a                      | 'a' must be a number of seconds above 0
            demo --seconds 0.5                    | --seconds must be from 1 to 3600
            demo --seconds 3601                   | --seconds must be from 1 to 3600
            demo --no-browser --plain             | --no-browser does not go with the story in the terminal
            inspect                               | Missing required parameter
            inspect a b                           | 'b' is one argument too many
            inspect a --timeout -1                | '-1' must be a number of seconds above 0
            watch                                 | name the address of the key set, or set JWKS_URI
            watch http://127.0.0.1/ --for 1e99    | '1e99' must be a number of seconds above 0
            """)
    void wrongArgumentsGetOneLine(String arguments, String message) {
        Run run = arguments == null ? Cli.run() : Cli.run(arguments.split(" "));
        assertOneLine(run, message);
    }

    @Test
    void whatWasNotForeseenGetsOneLineToo() {
        Map<String, String> broken = new AbstractMap<>() {
            @Override
            public Set<Entry<String, String>> entrySet() {
                throw new IllegalStateException("no\nenvironment \u001b[31m");
            }
        };
        Run run = Cli.run(broken, "watch", "https://idp.example/jwks.json");
        assertOneLine(run, "java.lang.IllegalStateException: no environment \\u001b[31m (this is a bug)");
    }

    static void assertOneLine(Run run, String message) {
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("jwks-cache: ").contains(message).hasLineCount(1);
    }
}
