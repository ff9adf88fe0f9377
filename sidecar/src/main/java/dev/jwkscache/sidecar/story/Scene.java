package dev.jwkscache.sidecar.story;

import dev.jwkscache.CacheStatus;
import dev.jwkscache.Jwk;
import dev.jwkscache.sidecar.demo.Tally.Counts;
import java.time.Duration;
import java.util.List;

/**
 * What there is to see at one moment.
 *
 * @param number of the chapter, from 1
 * @param elapsed since the story began
 * @param provider what the provider does now
 * @param chapterCounts since the chapter began
 * @param totalCounts since the story began
 * @param chapterFetches that the cache has started since the chapter began
 * @param keys of the last refresh
 * @param events the last ones, oldest first
 */
record Scene(
        Chapter chapter,
        int number,
        int chapters,
        Duration elapsed,
        Duration length,
        String provider,
        CacheStatus status,
        Pace pace,
        Counts chapterCounts,
        Counts totalCounts,
        long chapterFetches,
        List<ShownKey> keys,
        List<String> events) {

    /** A key and what there is to say about it. */
    record ShownKey(Jwk key, String remark) {}
}
