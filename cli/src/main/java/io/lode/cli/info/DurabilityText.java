package io.lode.cli.info;

import io.lode.pmem.PmemException;
import io.lode.pmem.Source;
import io.lode.store.Medium;
import java.nio.file.Path;

/** What durable means for a pool, from the one who knows the file system below it. */
public final class DurabilityText {
  private DurabilityText() {}

  /**
   * Says what a persisted write survives.
   *
   * @param pool where the pool is
   * @param medium what its store says of it
   * @return a sentence
   */
  public static String of(Path pool, Medium medium) {
    try (Source source = Source.readOnly(pool)) {
      return source.granularity().durability();
    } catch (PmemException unknown) {
      return medium.durability();
    }
  }
}
