package dev.jwkscache.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {

    @Test
    void textOfOthersBecomesAscii() {
        assertThat(Printable.of("a\u001b[2J\u009b\u202eé\\\"", 80))
                .isEqualTo("a\\u001b[2J\\u009b\\u202e\\u00e9\\u005c\\u0022");
    }

    @Test
    void textOfOthersIsCut() {
        assertThat(Printable.of("x".repeat(1000), 10)).isEqualTo("xxxxxxxxx…");
        assertThat(Printable.of("\n".repeat(1000), 10)).hasSize(10);
    }

    @Test
    void aLineKeepsLettersAndNothingThatMoves() {
        assertThat(Printable.line("é 漢\n\r\u001b\u2028\u202e\u0007 \ud800"))
                .isEqualTo("é 漢 \\u000d\\u001b\\u2028\\u202e\\u0007 \\ud800");
    }

    @Test
    void jsonIsAsciiWhateverIsInIt() {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("kid", "\"\\\n\u001b\u009bé\ud83d\ude00");
        object.put("at", Instant.EPOCH.plusNanos(1_234_567));
        object.put("list", Arrays.asList(1, 2.5, true, null));
        object.put("empty", List.of());
        assertThat(JsonText.of(object))
                .isEqualTo(
                        "{\"kid\":\"\\\"\\\\\\u000a\\u001b\\u009b\\u00e9\\ud83d\\ude00\",\"at\":\"1970-01-01T00:00:00.001Z\","
                                + "\"list\":[1,2.5,true,null],\"empty\":[]}");
    }

    @Test
    void aTerminalWithoutUnicodeGetsAsciiOfTheSameLength() throws IOException {
        StringWriter text = new StringWriter();
        try (AsciiWriter ascii = new AsciiWriter(text)) {
            ascii.write("a…█·│✓é");
            ascii.write('–');
        }
        assertThat(text).hasToString("a~#.|+?-");
    }

    @Test
    void aColumnWithoutContentIsLeftOut() {
        TextTable table = new TextTable("name", "empty", "other");
        table.row("a", TextTable.NOTHING, "x");
        table.row("b", TextTable.NOTHING, TextTable.NOTHING);
        assertThat(table.lines()).containsExactly("name  other", "a     x", "b     –");
    }

    @Test
    void columnsStandInLine() {
        TextTable table = new TextTable("name", "count>");
        table.row("a", "1");
        table.row("longer", "1,000");
        assertThat(table.lines()).containsExactly("name    count", "a           1", "longer  1,000");
    }

    @ParameterizedTest
    @CsvSource({"50,0.1 s", "2000,2 s", "61500,61.5 s", "120000,2 min", "725000,12 min 5 s", "12000000,3 h 20 min"})
    void spansReadWell(long millis, String text) {
        assertThat(Spans.text(Duration.ofMillis(millis))).isEqualTo(text);
    }
}
