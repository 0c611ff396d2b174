package io.lode.pmem;

/**
 * The granularity that a shared map of a source would have, and why.
 *
 * @param granularity the map's granularity
 * @param emulated true if it is forced to a granularity that the medium does not provide
 * @param reason why this granularity and not a finer one, in words
 * @param durability what a persisted range survives on this medium, in words
 */
public record GranularityReport(
    Granularity granularity, boolean emulated, String reason, String durability) {}
