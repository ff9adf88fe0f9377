package dev.jwkscache.sidecar.story;

import dev.jwkscache.CacheState;
import dev.jwkscache.sidecar.demo.Tally;
import dev.jwkscache.sidecar.demo.Tally.Counts;
import java.time.Duration;

/**
 * What came of a chapter.
 *
 * @param tally goes on until the last caller of the chapter is done
 * @param fetches that the cache has started during it
 * @param missFetches those of them that unknown kids have caused
 * @param lasted how long it really took
 * @param state of the cache at its end
 */
record ChapterResult(Chapter chapter, Tally tally, long fetches, long missFetches, Duration lasted, CacheState state) {

    /** What callers met, those included who began in this chapter and ended later. */
    Counts counts() {
        return tally.counts();
    }
}
