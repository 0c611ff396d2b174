package io.lode.pmem;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** The same on a real DAX file system and a real devdax device. */
class Libpmem2DifferentialIT extends Libpmem2DifferentialTest {
  /** Fewer: each case walks through libndctl, which takes the emulated machine a second. */
  @Override
  int cases() {
    return Integer.getInteger("lode.cases", 40);
  }

  @Override
  List<String> forcings() {
    return List.of("", "PAGE");
  }

  @BeforeEach
  void makeDaxSources() throws Exception {
    sources.clear();
    for (String mode : new String[] {"rw", "ro"}) {
      for (int bytes : new int[] {0, 4096, 5000, (4 << 20) + 12}) {
        Path file = Testbed.sparseFile("differential-" + mode + bytes, 0);
        Files.write(file, new byte[bytes]);
        sources.add("fd:" + mode + ":" + file);
      }
      sources.add("fd:" + mode + ":" + Testbed.devdax());
    }
    sources.add("fd:wo:" + Testbed.devdax());
    sources.add("fd:path:" + Testbed.devdax());
  }
}
