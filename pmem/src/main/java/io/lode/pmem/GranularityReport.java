package io.lode.pmem;

/**
 * The granularity that a shared map of a source would get, and why.
 *
 * @param granularity what the map would get
 * @param emulated true if it is forced to something that the medium does not give
 * @param reason why this one, and why not a finer one, in words
 * @param durability what a persisted range survives on this medium, in words
 */
public record GranularityAnswer(
    Granularity granularity, boolean emulated, String reason, String durability) {}
