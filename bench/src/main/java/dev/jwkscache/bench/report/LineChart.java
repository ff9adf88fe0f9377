package dev.jwkscache.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/** Lines over time, on a logarithmic scale; where a line has a dot on the upper edge, callers failed. */
public final class LineChart {
    private static final int WIDTH = 760;
    private static final int PLOT = 300;
    private static final int LEFT = 60;
    private static final int RIGHT = 20;
    private static final int TOP = 40;
    private static final int LEGEND_ROW = 20;
    private static final int LEGEND_COLUMNS = 3;

    private final String title;
    private final DoubleFunction<String> words;
    private final double length;
    private final String unit;
    private final List<Line> lines = new ArrayList<>();
    private double least = Double.MAX_VALUE;
    private double most = 1;

    /** One value at one time. */
    public record Point(double at, double value, boolean failures) {}

    private record Line(String label, List<Point> points) {}

    /** Over so many seconds. */
    public LineChart(String title, DoubleFunction<String> words, double seconds) {
        this(title, words, seconds, "s");
    }

    /** Over a time in another unit, which is then that of the points, too. */
    public LineChart(String title, DoubleFunction<String> words, double length, String unit) {
        this.title = title;
        this.words = words;
        this.length = length;
        this.unit = unit;
    }

    public LineChart line(String label, List<Point> points) {
        lines.add(new Line(label, points));
        for (Point point : points) {
            if (point.value() > 0) {
                least = Math.min(least, point.value());
                most = Math.max(most, point.value());
            }
        }
        return this;
    }

    /** The SVG. */
    public String svg() {
        int legend = (lines.size() + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS * LEGEND_ROW;
        Drawing drawing = new Drawing(WIDTH, TOP + PLOT + 40 + legend, title);
        for (double decade = Math.pow(10, Math.floor(Math.log10(least))); decade <= most * 10; decade *= 10) {
            if (decade >= least / 2 && decade <= most * 2) {
                drawing.line(LEFT, y(decade), WIDTH - RIGHT, y(decade));
                drawing.text(LEFT - 6, y(decade) + 4, "end", "label", words.apply(decade));
            }
        }
        for (int mark = 0; mark <= length; mark++) {
            drawing.text(x(mark), TOP + PLOT + 18, "middle", "label", mark + " " + unit);
        }
        for (int i = 0; i < lines.size(); i++) {
            draw(drawing, lines.get(i), i);
        }
        return drawing.toString();
    }

    private void draw(Drawing drawing, Line line, int index) {
        StringBuilder path = new StringBuilder();
        for (Point point : line.points()) {
            if (point.value() > 0) {
                path.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point.at()), y(point.value())));
            }
            if (point.failures()) {
                drawing.dot(x(point.at()), TOP - 6 + 3 * index % 9, Drawing.colour(index));
            }
        }
        drawing.path(path.toString().trim(), Drawing.colour(index));
        double legendX = LEFT + index % LEGEND_COLUMNS * 230;
        double legendY = TOP + PLOT + 40 + index / LEGEND_COLUMNS * LEGEND_ROW;
        drawing.bar(legendX, legendY - 9, 14, 6, Drawing.colour(index));
        drawing.text(legendX + 20, legendY, "start", "label", line.label());
    }

    private double x(double time) {
        return LEFT + (WIDTH - LEFT - RIGHT) * time / length;
    }

    private double y(double value) {
        double low = Math.log(least / 2);
        double high = Math.log(most * 2);
        return TOP + PLOT * (1 - (Math.log(value) - low) / (high - low));
    }
}
