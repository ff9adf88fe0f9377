package dev.jwkscache.bench.report;

import java.util.Locale;

/** An SVG that is readable on light and dark pages and by those who cannot see it. */
final class Drawing {
    /** Told apart by those who do not see all colours (Okabe and Ito). */
    private static final String[] COLOURS = {
        "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#999999", "#f0e442"
    };

    private final StringBuilder svg = new StringBuilder();

    Drawing(int width, int height, String title) {
        append("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">
                <title>%s</title>
                <style>
                text { font: 12px system-ui, sans-serif; fill: #24292f } .title { font-weight: 600; font-size: 14px }
                .grid { stroke: #d0d7de; stroke-width: 1 } .line { fill: none; stroke-width: 2 }
                @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .grid { stroke: #3d444d } }
                </style>
                """, width, height, width, height, escaped(title));
        text(10, 20, "start", "title", title);
    }

    static String colour(int index) {
        return COLOURS[index % COLOURS.length];
    }

    void text(double x, double y, String anchor, String style, String text) {
        append(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" class=\"%s\">%s</text>\n",
                x, y, anchor, style, escaped(text));
    }

    void line(double x1, double y1, double x2, double y2) {
        append("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"grid\"/>\n", x1, y1, x2, y2);
    }

    void bar(double x, double y, double width, double height, String colour) {
        append(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n",
                x, y, width, height, colour);
    }

    void path(String points, String colour) {
        append("<polyline points=\"%s\" class=\"line\" stroke=\"%s\"/>\n", points, colour);
    }

    void dot(double x, double y, String colour) {
        append("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n", x, y, colour);
    }

    private void append(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    @Override
    public String toString() {
        return svg + "</svg>\n";
    }
}
