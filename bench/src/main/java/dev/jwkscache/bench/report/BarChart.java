package dev.jwkscache.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/** Horizontal bars on a logarithmic scale: what differs by orders of magnitude is still seen side by side. */
public final class BarChart {
    private static final int WIDTH = 760;
    private static final int LEFT = 250;
    private static final int RIGHT = 90;
    private static final int TOP = 36;
    private static final int ROW = 26;

    private final String title;
    private final DoubleFunction<String> words;
    private final List<Bar> bars = new ArrayList<>();

    private record Bar(String label, double value, boolean ours) {}

    public BarChart(String title, DoubleFunction<String> words) {
        this.title = title;
        this.words = words;
    }

    public BarChart bar(String label, double value, boolean ours) {
        bars.add(new Bar(label, value, ours));
        return this;
    }

    /** The SVG. */
    public String svg() {
        double most = bars.stream().mapToDouble(Bar::value).max().orElse(1);
        double least = bars.stream().mapToDouble(Bar::value).min().orElse(1) / 2;
        Drawing drawing = new Drawing(WIDTH, TOP + bars.size() * ROW + 12, title);
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            double y = TOP + i * ROW;
            double length = (WIDTH - LEFT - RIGHT) * Math.log(bar.value() / least) / Math.log(most / least);
            drawing.text(LEFT - 8, y + 15, "end", "label", bar.label());
            drawing.bar(LEFT, y + 3, length, ROW - 8, Drawing.colour(bar.ours() ? 0 : 6));
            drawing.text(LEFT + length + 6, y + 15, "start", "label", words.apply(bar.value()));
        }
        return drawing.toString();
    }
}
