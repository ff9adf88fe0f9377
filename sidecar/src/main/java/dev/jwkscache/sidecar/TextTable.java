package dev.jwkscache.sidecar;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.IntStream;

/**
 * Rows in columns of equal width; a head that ends with {@code >} stands over a column that is aligned to the right. A
 * column where every row has {@link #NOTHING} is left out.
 */
public final class TextTable {
    /** What a cell without content shows. */
    static final String NOTHING = "–";

    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();
    private final boolean[] right;

    /** A table without rows. */
    public TextTable(String... heads) {
        right = new boolean[heads.length];
        List<String> head = new ArrayList<>();
        for (int i = 0; i < heads.length; i++) {
            right[i] = heads[i].endsWith(">");
            head.add(right[i] ? heads[i].substring(0, heads[i].length() - 1) : heads[i]);
        }
        rows.add(head);
    }

    /** Adds a row, with a cell for each head. */
    public void row(String... cells) {
        rows.add(List.of(cells));
    }

    /** The head and the rows, without blanks at the ends. */
    public List<String> lines() {
        List<Integer> columns = IntStream.range(0, right.length)
                .filter(this::hasContent)
                .boxed()
                .toList();
        return rows.stream().map(row -> line(row, columns)).toList();
    }

    private boolean hasContent(int column) {
        return rows.size() == 1
                || rows.stream().skip(1).anyMatch(row -> !row.get(column).equals(NOTHING));
    }

    private String line(List<String> row, List<Integer> columns) {
        StringJoiner line = new StringJoiner(GAP);
        for (int column : columns) {
            String cell = row.get(column);
            String blanks = " ".repeat(width(column) - cell.length());
            line.add(right[column] ? blanks + cell : cell + blanks);
        }
        return line.toString().stripTrailing();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
