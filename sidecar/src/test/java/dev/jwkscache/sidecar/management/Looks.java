package dev.jwkscache.sidecar.management;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** What can be told of how a page looks and reads. */
public final class Looks {
    private Looks() {}

    /** By how many pixels the page is wider than its window. */
    public static int overflow(Page page) {
        return (int) page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    }

    /** What axe finds wrong, as rule, impact and place. Only in a tab in which tools may add scripts. */
    @SuppressWarnings("unchecked")
    public static List<String> violations(Page page) throws IOException {
        try (InputStream axe = Objects.requireNonNull(Looks.class.getResourceAsStream("/axe.min.js"))) {
            page.evaluate(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        }
        return (List<String>)
                page.evaluate(
                        "axe.run(document, {resultTypes: ['violations']}).then(({violations}) =>"
                                + " violations.flatMap(({id, impact, nodes}) => nodes.map((node) => `${impact} ${id}: ${node.target} ${node.any.map((any) => any.message)}`)))");
    }
}
