package io.lode.probe;

import io.lode.pmem.Granularity;
import io.lode.pmem.MapConfig;
import io.lode.pmem.PmemException;
import io.lode.pmem.PmemMap;
import io.lode.pmem.Source;
import java.nio.file.Path;

/**
 * A user's program: opens and maps a file, persists it, queries its node, and prints each outcome.
 */
public final class MapProbe {
  private MapProbe() {}

  /** Takes the file as its argument. */
  public static void main(String[] args) {
    System.out.println("first " + outcome(Path.of(args[0])));
    System.out.println("second " + outcome(Path.of(args[0])));
  }

  private static String outcome(Path file) {
    try (Source source = Source.of(file);
        PmemMap map = MapConfig.of(Granularity.PAGE).map(source)) {
      map.persist(0, map.size());
      return "persisted " + map.granularity() + " " + map.isEmulated() + "; " + node(source);
    } catch (PmemException e) {
      return e.error() + ": " + e.getMessage();
    }
  }

  private static String node(Source source) {
    try {
      return "node " + source.numaNode();
    } catch (PmemException e) {
      return e.error() + ": " + e.getMessage();
    }
  }
}
