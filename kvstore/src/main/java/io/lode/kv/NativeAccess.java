package io.lode.kv;

import io.lode.numa.NumaArena;
import io.lode.numa.NumaException;
import io.lode.pmem.Granularity;
import io.lode.pmem.MapConfig;
import io.lode.pmem.PmemException;
import io.lode.pmem.Source;
import io.lode.store.StoreException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether this JVM lets a store call native code: it takes the permission for three modules. */
final class NativeAccess {
  private static final String JNA = "com.sun.jna";

  private NativeAccess() {}

  /**
   * Tries both libraries before a file is made or opened, so that what is missing is said at once
   * and nothing is left half done.
   *
   * @throws StoreException.Io if the JVM denies it to any of the modules
   */
  static void require(Path pool) {
    try (Source memory = Source.anonymous(1);
        NumaArena arena = NumaArena.local()) {
      MapConfig.of(Granularity.PAGE).map(memory).close();
      var _ = arena.allocate(1);
    } catch (PmemException | NumaException failure) {
      // Whatever else fails here is not needed, or fails again with its own reason.
      if (isDenied()) {
        throw new StoreException.Io(
            pool.toString(),
            "this JVM denies native access; nothing was changed. Start java with "
                + (NativeAccess.class.getModule().isNamed()
                    ? "--enable-native-access=io.lode.pmem,io.lode.numa," + JNA
                    : "--enable-native-access=ALL-UNNAMED"),
            failure);
      }
    }
  }

  private static boolean isDenied() {
    return Stream.of(
            Optional.of(Source.class.getModule()),
            Optional.of(NumaArena.class.getModule()),
            Optional.ofNullable(Source.class.getModule().getLayer())
                .flatMap(layer -> layer.findModule(JNA)))
        .flatMap(Optional::stream)
        .anyMatch(module -> !module.isNativeAccessEnabled());
  }
}
