package dev.jwkscache.sidecar.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsFileTest {
    private static final String DEFAULT = "providers: {default: https://idp.example}\n";

    @Test
    void theExampleOfTheManualIsRead() {
        Configuration told = Told.yaml("""
                        port: 8091
                        management-port: 9091
                        max-staleness: 7200
                        store-folder: /var/lib/jwks-cache
                        providers:
                          default: https://idp.example/realms/main
                          partner:
                            jwks-uri: https://partner.example/all
                            time-to-live: 300
                            signature-uses: [sig, jwt-svid]
                            header:
                              X-Api-Key: abc
                              X-Other: "d: e"
                        """).read();

        assertThat(told.keys()).isEqualTo(new Configuration.Listen("127.0.0.1", 8091));
        assertThat(told.management().port()).isEqualTo(9091);
        assertThat(told.store())
                .isEqualTo(new Configuration.Store.Folder(java.nio.file.Path.of("/var/lib/jwks-cache"), null));
        assertThat(told.providers().get(0).settings()).isEqualTo(Map.of("max-staleness", "7200"));
        assertThat(told.providers().get(1).settings())
                .isEqualTo(Map.of(
                        "max-staleness", "7200",
                        "time-to-live", "300",
                        "signature-uses", "jwt-svid sig",
                        "header", "X-Api-Key: abc\nX-Other: d: e"));
    }

    @Test
    void whatStandsThereCountsAndNotWhatYamlMakesOfIt() {
        Configuration told = Told.yaml(DEFAULT + "port: 010\nhistory: off\nmiss-wait: 1.50\nhost: 'localhost'\n")
                .read();

        assertThat(told.keys()).isEqualTo(new Configuration.Listen("localhost", 10));
        assertThat(told.history()).isNull();
        assertThat(told.providers().get(0).settings()).containsEntry("miss-wait", "1.5");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            max-stalenes: 1 | jwks-cache.yaml, line 2: max-stalenes is not known; did you mean max-staleness?
            ttl: 1 | jwks-cache.yaml, line 2: ttl is not known
            provider: {} | jwks-cache.yaml, line 2: provider is not known; did you mean providers?
            'port: ' | jwks-cache.yaml, line 2: port has no value; write one, or remove the line
            port: [1] | jwks-cache.yaml, line 2: port must be one plain value, not a list
            port: {a: 1} | jwks-cache.yaml, line 2: port must be one plain value, not a map
            port: !!int 1 # plain | -
            port: !mine 1 | jwks-cache.yaml, line 2: port must be one plain value, not a value with a tag
            port: !!java.net.URL [x] | jwks-cache.yaml, line 2: Global tag is not allowed: tag:yaml.org,2002:java.net.URL
            port: eight | jwks-cache.yaml, line 2: port is "eight"; it must be a port from 0 to 65535
            port: 0x1F | jwks-cache.yaml, line 2: port is "0x1F"; it must be a port from 0 to 65535
            port: 1_0 | jwks-cache.yaml, line 2: port is "1_0"; it must be a port from 0 to 65535
            time-to-live: 1:30 | jwks-cache.yaml, line 2: time-to-live is "1:30"; it must be a number of seconds from 0.001 to 31536000
            [a]: 1 | jwks-cache.yaml, line 2 has a name that is no text
            history: maybe | jwks-cache.yaml, line 2: history is "maybe"; it must be on or off
            """)
    void aFaultHasItsLine(String line, String fault) {
        Told told = Told.yaml(DEFAULT + line + "\n");
        if (fault.equals("-")) {
            assertThat(told.read().keys().port()).isEqualTo(1);
        } else {
            assertThat(told.faults()).containsExactly(fault);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a: {issuer: 'https://a.example', port: 1} | line 1: providers.a.port is a setting of the process and not of one provider; move it to the top of the file
            a: {issuer: 'https://a.example', time-to-life: 1} | line 1: providers.a.time-to-life is not known; did you mean time-to-live?
            a: {issuer: 'https://a.example', jwks-uri: 'https://a.example/keys'} | line 1: providers.a has both issuer and jwks-uri; name one of them
            a: {time-to-live: 5} | line 1: providers.a has neither issuer and jwks-uri; name one of them
            a: [] | line 1: providers.a must be a map of names to values, such as 'port: 8090'
            'a: ' | line 1: providers.a has no value; write one, or remove the line
            a: {issuer: 'https://a.example', max-staleness: -1} | line 1: providers.a.max-staleness is "-1"; it must be a number of seconds from 0.001 to 31536000
            """)
    void aFaultOfAProviderHasItsPath(String member, String fault) {
        assertThat(Told.yaml("providers: {" + member + "}\n").faults()).contains("jwks-cache.yaml, " + fault);
    }

    @Test
    void aNameTwiceIsToldWithBothLines() {
        assertThat(Told.yaml("port: 1\n" + DEFAULT + "port: 2\n").faults())
                .containsExactly(
                        "jwks-cache.yaml, line 3 has \"port\" a second time, after line 1; remove one of them");
        assertThat(Told.yaml("providers:\n  a: https://a.example\n  a: https://b.example\n")
                        .faults())
                .containsExactly(
                        "jwks-cache.yaml, line 3: providers has \"a\" a second time, after line 2; remove one of them");
    }

    @Test
    void tabsAndBrokenTextHaveTheirLine() {
        assertThat(Told.yaml("providers:\n\ta: https://a.example\n").faults())
                .anySatisfy(fault -> assertThat(fault)
                        .startsWith("jwks-cache.yaml, line 2: ")
                        .endsWith("indent with spaces"));
        assertThat(Told.yaml(DEFAULT + "port: \"8\n").faults())
                .anySatisfy(fault -> assertThat(fault).startsWith("jwks-cache.yaml, line 3: "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"just text", "[1, 2]", "42", "--- {}\n--- {}", "!!map x", "!mine {}"})
    void aFileOfSomethingElseIsRefused(String text) {
        assertThat(Told.line(Told.IDP).file(text).faults())
                .isNotEmpty()
                .allSatisfy(fault -> assertThat(fault).startsWith("jwks-cache.yaml"));
    }

    @Test
    void anEmptyFileSetsNothing() {
        assertThat(Told.line(Told.IDP).file("# nothing\n").read())
                .isEqualTo(Told.line(Told.IDP).read());
    }

    @Test
    void aHugeFileIsRefusedUnread() {
        assertThat(Told.line(Told.IDP)
                        .file("# " + "x".repeat(SettingsFile.MOST_BYTES))
                        .faults())
                .containsExactly("jwks-cache.yaml has more than 1048576 characters, which no configuration needs");
    }

    @Test
    void deepNestingIsRefused() {
        assertThat(Told.line(Told.IDP).file("port: " + "[".repeat(100_000)).faults())
                .singleElement()
                .asString()
                .contains("Nesting");
    }

    @Test
    void billionLaughsAreRefusedAtTheFirst() {
        assertThat(Told.line(Told.IDP)
                        .file("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nport: [*c, *c]\n")
                        .faults())
                .singleElement()
                .asString()
                .contains("aliases");
    }

    @Test
    void aCycleIsRefused() {
        assertThat(Told.line(Told.IDP).file("providers: &a {b: *a}\n").faults()).isNotEmpty();
    }

    @Test
    void aliasesOfPlainValuesAreFine() {
        assertThat(Told.yaml(DEFAULT + "idle-timeout: &five 5\ndrain-time: *five\n")
                        .read()
                        .drainTime())
                .hasSeconds(5);
    }

    @Test
    void nothingInAFileIsMadeAnObject() {
        assertThat(Told.line(Told.IDP)
                        .file("port: !!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[!!java.net.URL"
                                + " [\"http://127.0.0.1:1/\"]]]]\n")
                        .faults())
                .containsExactly("jwks-cache.yaml, line 1: Global tag is not allowed:"
                        + " tag:yaml.org,2002:javax.script.ScriptEngineManager");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "port: \"\\e[2J\\a\"", "\"po\\e[2Jrt\": 1", "providers: {\"a\\e[2J\": \"https://a.example\"}",
                "providers: {a: \"https://a.example/\\e[2J\"}", "port: \"\\u202e1\"", "header: {\"X\\e[2J\": a}",
                "providers: {a: {issuer: 'https://a.example', \"\\e[2J\": 1}}", "host: \"a\\r\\nb\""
            })
    void controlCharactersAreEscapedInMessages(String text) {
        assertThat(Told.yaml(text).faults())
                .isNotEmpty()
                .allSatisfy(fault -> assertThat(fault.codePoints()
                                .filter(c -> c < ' ' || c == 0x202e || c == 0x7f)
                                .count())
                        .as(fault)
                        .isZero());
    }

    @Test
    void rawControlCharactersAreRefused() {
        assertThat(Told.line(Told.IDP).file("host: a\u001b[2J\n").faults())
                .singleElement()
                .asString()
                .startsWith("jwks-cache.yaml")
                .doesNotContain("\u001b");
    }

    @Test
    void aSecretInTheFileIsNeverRepeated() {
        assertThat(Told.yaml(DEFAULT + "header: {Host: hunter2}\nstore-redis: 'redi://u:hunter2@r'\n")
                        .faults())
                .containsExactly(
                        "jwks-cache.yaml, line 2: header has a value that is not shown; it must have other fields: header field"
                                + " Host is written by the cache or its HTTP client; leave it out",
                        "jwks-cache.yaml, line 3: store-redis has a value that is not shown; it must be addresses such as"
                                + " redis://HOST:6379, rediss://HOST:6379 for TLS, or"
                                + " redis-sentinel://HOST:26379?sentinelMasterId=NAME");
    }

    @Test
    void aPartOfSeveralLinesIsNoHeaderField() {
        assertThat(Told.yaml(DEFAULT + "header: {X-A: \"b\\nX-C: d\"}\n").faults())
                .containsExactly("jwks-cache.yaml, line 2: header must have parts of one line each");
    }

    @Test
    void manyFaultsAreCounted() {
        StringBuilder text = new StringBuilder(DEFAULT);
        for (int i = 0; i < 1000; i++) {
            text.append("unknown-").append(i).append(": 1\n");
        }
        assertThat(Told.yaml(text.toString()).faults()).hasSize(101).last().isEqualTo("and 900 more");
    }
}
