package io.lode.bench.kv.load;

/**
 * What a process tells of its store before it measures.
 *
 * @param durability what has happened when a put returns
 * @param openNanos how long opening took, until the first entry was read where there are any
 * @param fillNanos how long filling took, 0 if nothing was filled
 * @param dramBytesPerEntry bytes on the heap per entry after a collection, and what the store says
 *     that it holds off the heap
 * @param usedBytes what the entries take of the medium by the store's own account, -1 to ask the
 *     file system
 * @param pid of the process
 */
public record OpenReport(
    String durability,
    long openNanos,
    long fillNanos,
    double dramBytesPerEntry,
    long usedBytes,
    long pid) {}
