package io.lode.pool;

import static io.lode.pool.PoolFormat.*;

import io.lode.crashtest.Mutant;
import java.util.stream.Stream;

/** Fields of headers that a checksum leaves out, named as the format names them. */
public final class HeaderFaults {
  private HeaderFaults() {}

  /**
   * Returns the faults.
   *
   * @return a fault for each field that nothing but the checksum guards
   */
  public static Mutant[] all() {
    return new Mutant[] {
      device("seed", D_SEED, D_DEVICE_INDEX),
      device("segment-bytes", D_SEGMENT_BYTES, D_SEGMENT_COUNT),
      device("segment-count", D_SEGMENT_COUNT, D_REVISION),
      device("epoch", D_EPOCH, D_NONCE),
      segment("generation", S_GENERATION, S_BIRTH),
      segment("birth", S_BIRTH, S_EPOCH),
      segment("epoch", S_EPOCH, S_DEVICE_INDEX)
    };
  }

  private static Mutant device(String field, int from, int end) {
    return uncovered("device." + field, from, end - from, DeviceHeader.class, DeviceHeaders.class);
  }

  private static Mutant segment(String field, int from, int end) {
    return uncovered(
        "segment." + field, from, end - from, SegmentHeader.class, SegmentHeaders.class);
  }

  /**
   * Returns a fault of a checksum over one array.
   *
   * @param field its name
   * @param from where the field starts, from the first byte that the checksum covers
   * @param length bytes of the field
   * @param callers the classes that make the checksum and check it
   * @return the fault
   */
  public static Mutant uncovered(String field, int from, int length, Class<?>... callers) {
    String[] names = Stream.of(callers).map(Class::getName).toArray(String[]::new);
    return Mutant.uncovered(field, Checksum.class.getName(), "of", from, length, names);
  }
}
