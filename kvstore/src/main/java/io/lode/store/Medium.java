package io.lode.store;

import io.lode.pmem.Granularity;
import java.util.OptionalInt;

/**
 * The medium of a pool, and the meaning of a durable write there.
 *
 * @param pool the pool's path, or a description where it has none
 * @param kind {@code devdax}, {@code fsdax file}, {@code file} or {@code memory}
 * @param granularity the unit in which writes become durable
 * @param emulated true if the granularity was forced, so that nothing below it is known to survive
 * @param flushPrimitive the instruction or call that makes a write durable, for example {@code
 *     clwb} or {@code msync}
 * @param sizeBytes the mapped size
 * @param durability a description of where the data of a durable write is when the call returns,
 *     and which failures it survives
 * @param numaNode the device's node as {@code ndctl list -v} prints it, empty if it has none
 */
public record Medium(
    String pool,
    String kind,
    Granularity granularity,
    boolean emulated,
    String flushPrimitive,
    long sizeBytes,
    String durability,
    OptionalInt numaNode) {}
