package dev.jwkscache.bench.trouble;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line of the trouble runs, as far as it measures nothing. */
class TroubleMainTest {
    private final StringWriter text = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--what",
                "--seconds",
                "--seconds 0",
                "--seconds x",
                "--seconds 1.5",
                "--subject",
                "--scenario",
                "one.json two.json"
            })
    void badArgumentsAreRefusedInOneLine(String arguments) throws Exception {
        int status = TroubleMain.run(arguments.split(" "), new PrintWriter(text), new PrintWriter(errors, true));

        assertThat(status).isEqualTo(2);
        assertThat(errors.toString().lines()).hasSize(1);
        assertThat(errors.toString()).startsWith("trouble: ").contains("usage: ");
        assertThat(text.toString()).isEmpty();
    }
}
