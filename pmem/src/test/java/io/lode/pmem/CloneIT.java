package io.lode.pmem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Files that are cloned, punched and cut while they are mapped, on a DAX file system. */
class CloneIT {
  private static ChildJvm.Result probe(SpareFileSystem spare) throws Exception {
    List<String> command = ChildJvm.onClassPath("--enable-native-access=ALL-UNNAMED");
    return ChildJvm.run(Map.of(), command, CloneProbe.class.getName(), spare.folder().toString());
  }

  /** A store to a shared block without room for a copy is SIGBUS. */
  @Test
  void storeToSharedBlocksIsAnErrorWhereThereIsNoRoom() throws Exception {
    try (var spare = SpareFileSystem.withReflinks()) {
      ChildJvm.Result result = probe(spare);
      assertThat(result.status()).as(result.output()).isZero();
      assertThat(result.output().lines().filter(line -> !line.startsWith("store to /")))
          .containsExactly(
              "before: done",
              "copy: -28",
              "fill: -28",
              "unflushed: -28",
              "allocate: -28",
              "load: done",
              "flush: done",
              "allocate with room: done",
              "allocated: done",
              "still shared: -28",
              "copy with room: done",
              "hole: -28",
              "hole with room: done",
              "truncated: IO_FAIL",
              "before the end: done",
              "map of a clone: no copy",
              "store to a clone: done",
              "map when full: done");
    }
  }
}
