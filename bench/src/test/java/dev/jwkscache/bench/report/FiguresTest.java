package dev.jwkscache.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** How figures, tables and charts are worded and drawn. */
class FiguresTest {

    @Test
    void figuresHaveThreeDigitsAndTheUnitInWhichTheyReadBest() {
        assertThat(Figures.number(1.2345)).isEqualTo("1.23");
        assertThat(Figures.number(40)).isEqualTo("40");
        assertThat(Figures.number(1_234_567)).isEqualTo("1,230,000");
        assertThat(Figures.number(0)).isEqualTo("0");
        assertThat(Figures.number(Double.NaN)).isEqualTo("–");
        assertThat(Figures.duration(31.54)).isEqualTo("31.5 ns");
        assertThat(Figures.duration(999.6)).isEqualTo("1 µs");
        assertThat(Figures.duration(2_500_000)).isEqualTo("2.5 ms");
        assertThat(Figures.duration(14.2e9)).isEqualTo("14.2 s");
        assertThat(Figures.duration(90_000e9)).isEqualTo("90,000 s");
        assertThat(Figures.ratio(1.08)).isEqualTo("1.08 ×");
    }

    @Test
    void theMedianOfAnEvenNumberIsBetweenTheTwoInTheMiddle() {
        assertThat(Figures.median(3, 1, 2)).isEqualTo(2);
        assertThat(Figures.median(4, 1, 3, 2)).isEqualTo(2.5);
    }

    @Test
    void aTableHasOneColumnForEachHead() {
        Table table = new Table("what", "how much").row("this", "1");

        assertThat(table).hasToString("| what | how much |\n| --- | --: |\n| this | 1 |\n");
        assertThatThrownBy(() -> table.row("alone")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void barsAreAsLongAsTheirLogarithms() {
        String svg = new BarChart("a < b", Figures::duration)
                .bar("ours", 10, true)
                .bar("theirs", 1_000, false)
                .svg();

        assertThat(svg).contains("a &lt; b", "10 ns", "1 µs").endsWith("</svg>\n");
        double ours = width(svg, 0);
        double theirs = width(svg, 1);
        assertThat(theirs / ours).isBetween(7.6, 7.7);
    }

    @Test
    void aLineHasAPointForEachValueAndADotWhereCallersFailed() {
        String svg = new LineChart("outage", Figures::duration, 2)
                .line(
                        "one",
                        java.util.List.of(
                                new LineChart.Point(0, 100, false),
                                new LineChart.Point(1, 0, false),
                                new LineChart.Point(2, 10_000, true)))
                .svg();

        assertThat(svg.split("<circle")).hasSize(2);
        String points = svg.substring(svg.indexOf("points=\"") + 8);
        assertThat(points.substring(0, points.indexOf('"')).split(" ")).hasSize(2);
    }

    private static double width(String svg, int bar) {
        String[] bars = svg.split("<rect ");
        String width = bars[bar + 1].substring(bars[bar + 1].indexOf("width=\"") + 7);
        return Double.parseDouble(width.substring(0, width.indexOf('"')));
    }
}
