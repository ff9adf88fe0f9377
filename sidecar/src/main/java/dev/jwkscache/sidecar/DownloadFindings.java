package dev.jwkscache.sidecar;

import dev.jwkscache.sidecar.Finding.Weight;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is good and bad about how a set is served. */
final class DownloadFindings {
    /** The limit and the fetch timeout of a cache with default settings. */
    private static final int CACHE_BYTES = 1 << 20;

    private static final Duration CACHE_TIMEOUT = Duration.ofSeconds(5);
    private static final long SHORT_SECONDS = 30;
    private static final long LONG_SECONDS = 24 * 3600;

    private final List<Finding> findings = new ArrayList<>();

    private DownloadFindings() {}

    static List<Finding> of(URI asked, Download download) {
        DownloadFindings all = new DownloadFindings();
        all.redirects(asked, download.redirects());
        all.contentType(download.headers());
        all.cacheHeaders(download.headers());
        all.time(download.took());
        all.findings.addAll(ofSize(download.body().length));
        return all.findings;
    }

    /** What is to be said of a document's size, wherever it comes from. */
    static List<Finding> ofSize(int bytes) {
        String size = Sizes.text(bytes);
        if (bytes > CACHE_BYTES) {
            return List.of(new Finding(
                    Weight.BAD, "size", size + " are above 1 MiB, the most that a cache takes with default settings"));
        }
        if (bytes > CACHE_BYTES * 0.8) {
            return List.of(new Finding(
                    Weight.ODD, "size", size + " are near 1 MiB, the most that a cache takes with default settings"));
        }
        return List.of();
    }

    private void redirects(URI asked, List<URI> redirects) {
        if (redirects.isEmpty()) {
            return;
        }
        URI last = redirects.get(redirects.size() - 1);
        URI from = asked;
        boolean crossing = false;
        for (URI to : redirects) {
            crossing |= !Address.sameOrigin(from, to);
            from = to;
        }
        String times = redirects.size() + (redirects.size() == 1 ? " redirect" : " redirects");
        if (crossing) {
            add(
                    Weight.BAD,
                    "cross_origin_redirect",
                    times + " to another origin, " + Address.show(last)
                            + ": a cache does not follow them; if that address is right, use it");
        } else {
            add(Weight.ODD, "redirect", times + " on each fetch, to " + Address.show(last) + "; use that address");
        }
    }

    private void contentType(HttpHeaders headers) {
        String type = headers.firstValue("Content-Type").orElse("");
        String media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (media.isEmpty()) {
            add(
                    Weight.ODD,
                    "content_type",
                    "no Content-Type; application/jwk-set+json or application/json is expected");
        } else if (!media.equals("application/json") && !media.endsWith("+json")) {
            add(
                    Weight.ODD,
                    "content_type",
                    "Content-Type is " + Printable.of(type, 60)
                            + ", not application/jwk-set+json or application/json: some clients refuse it");
        }
    }

    private void cacheHeaders(HttpHeaders headers) {
        CacheHeaders cache = CacheHeaders.of(headers);
        if (cache.isAbsent()) {
            add(Weight.ODD, "cache_headers", "no Cache-Control: clients must guess how long keys are good");
            return;
        }
        if (cache.isForbidding()) {
            add(
                    Weight.ODD,
                    "cache_headers",
                    "Cache-Control forbids caching (" + Printable.of(cache.written(), 80)
                            + "): clients that obey it ask for every token");
        }
        cache.maxAge().ifPresent(age -> maxAge(age, cache));
    }

    private void maxAge(long maxAge, CacheHeaders cache) {
        if (maxAge < SHORT_SECONDS && !cache.isForbidding()) {
            add(Weight.ODD, "cache_headers", "max-age is " + maxAge + " s: clients that obey it ask all the time");
        } else if (maxAge > LONG_SECONDS) {
            add(
                    Weight.ODD,
                    "cache_headers",
                    "max-age is " + Spans.text(Duration.ofSeconds(maxAge))
                            + ": clients that obey it trust a withdrawn key that long");
        }
        cache.age()
                .filter(age -> age > maxAge)
                .ifPresent(age -> add(
                        Weight.ODD,
                        "cache_headers",
                        "Age is " + age + " s, above max-age of " + maxAge
                                + " s: something on the way serves old sets"));
    }

    private void time(Duration took) {
        if (took.compareTo(CACHE_TIMEOUT) >= 0) {
            add(
                    Weight.BAD,
                    "slow",
                    "the fetch took " + Spans.text(took) + ", above the fetch timeout of a cache with default settings"
                            + " (5 s)");
        }
    }

    private void add(Weight weight, String code, String message) {
        findings.add(new Finding(weight, code, message));
    }
}
