package io.lode.store;

import io.lode.pmem.Granularity;
import java.util.OptionalInt;

/**
 * What a pool lies on and what a durable write means there.
 *
 * @param pool the pool's path, or a description where it has none
 * @param kind {@code devdax}, {@code fsdax file}, {@code file} or {@code memory}
 * @param granularity the unit in which writes become durable
 * @param emulated true if the granularity was forced, so that nothing below it is known to survive
 * @param flushPrimitive what makes a write durable, for example {@code clwb} or {@code msync}
 * @param sizeBytes the mapped size
 * @param numaNode the device's node as {@code ndctl list -v} prints it, empty if it has none
 */
public record Medium(
    String pool,
    String kind,
    Granularity granularity,
    boolean emulated,
    String flushPrimitive,
    long sizeBytes,
    OptionalInt numaNode) {

  /**
   * Says in a sentence what has happened when a durable write returns.
   *
   * @return the promise, or for an emulated medium the lack of one
   */
  public String durability() {
    if (emulated) {
      return "emulated: flush instructions ran, but the memory behind them does not survive power"
          + " loss";
    }
    return switch (granularity) {
      case BYTE -> "in the CPU caches, which are in the persistence domain; survives power loss";
      case CACHE_LINE -> "in the persistence domain; survives power loss";
      case PAGE -> "written back by msync; survives power loss as far as the disk keeps its word";
    };
  }
}
