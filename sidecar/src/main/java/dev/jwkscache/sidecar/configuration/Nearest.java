package dev.jwkscache.sidecar.configuration;

import java.util.Arrays;
import java.util.Collection;

/** Finds what somebody may have meant who wrote a name that does not exist. */
final class Nearest {
    private static final int LONGEST = 100;

    private Nearest() {}

    /** {@code ; did you mean max-staleness?}, or nothing where no known name is near. */
    static String question(String written, Collection<String> known) {
        if (written.length() > LONGEST) {
            return "";
        }
        String nearest = "";
        int least = Math.max(2, written.length() / 3) + 1;
        for (String name : known) {
            int distance = distance(written, name);
            if (distance < least) {
                least = distance;
                nearest = name;
            }
        }
        return nearest.isEmpty() ? "" : "; did you mean " + nearest + "?";
    }

    /** How many letters have to be put in, taken out or replaced (Levenshtein). */
    static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        Arrays.setAll(row, column -> column);
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int above = row[j];
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above, row[j - 1]));
                diagonal = above;
            }
        }
        return row[other.length()];
    }
}
