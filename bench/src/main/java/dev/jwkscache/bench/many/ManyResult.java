package dev.jwkscache.bench.many;

import java.util.List;

/**
 * What a process with that many caches was like.
 *
 * @param startMillis from the first {@code build()} until all had keys
 * @param threads the most that there were at any time beyond those of an empty process, by name
 * @param heapBytes heap for each cache: the difference that all of them make after a full collection
 * @param refreshes how many scheduled refreshes there were in {@code seconds}
 * @param onTimePercent the part of them that was sent within a second of when it was due
 * @param p99LateMillis how late the latest but one percent was
 * @param failures failed fetches
 * @param cpuPercent of one core, with nobody asking for keys
 * @param items where the heap goes, the largest first
 */
public record ManyResult(
        int caches,
        double startMillis,
        List<String> threads,
        double heapBytes,
        double seconds,
        long refreshes,
        double onTimePercent,
        double p99LateMillis,
        long failures,
        double cpuPercent,
        List<Item> items) {

    /** Objects of one class, for each cache. */
    public record Item(String className, double objects, double bytes) {}
}
