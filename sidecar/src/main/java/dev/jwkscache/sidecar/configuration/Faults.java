package dev.jwkscache.sidecar.configuration;

import dev.jwkscache.sidecar.Printable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What was found to be wrong so far. Texts are made printable here, values are quoted by {@link #quoted}. */
final class Faults {
    private static final int SHOWN = 80;
    /** More help nobody; a file of a megabyte can hold a hundred thousand. */
    private static final int MOST = 100;

    private final Set<String> found = new LinkedHashSet<>();
    private int left;

    void add(String fault) {
        if (found.size() < MOST) {
            found.add(Printable.line(fault));
        } else {
            left++;
        }
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** Ends the reading if there is a fault. */
    void refuse() {
        if (!found.isEmpty()) {
            List<String> all = new ArrayList<>(found);
            if (left > 0) {
                all.add("and " + left + " more");
            }
            throw new ConfigurationException(all);
        }
    }

    /** A text of somebody else: printable ASCII, everything else escaped, cut. */
    static String quoted(String text) {
        return '"' + Printable.of(text, SHOWN) + '"';
    }
}
