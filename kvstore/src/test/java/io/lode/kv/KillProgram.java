package io.lode.kv;

import io.lode.crashtest.ForwardingMap;
import io.lode.crashtest.Operation;
import io.lode.pmem.CopyFlags;
import io.lode.pmem.Granularity;
import io.lode.pmem.MapConfig;
import io.lode.pmem.PmemMap;
import io.lode.pmem.Source;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Runs operations on a pool in a file, tells of each that returned, and is dead before a given
 * persist, or in the middle of it. Arguments: the file, the operations, which persist, {@code
 * before} or {@code half}.
 */
final class KillProgram {
  /** What a shell says of a process that was killed. */
  static final int KILLED = 137;

  private KillProgram() {}

  public static void main(String[] arguments) throws Exception {
    Path path = Path.of(arguments[0]);
    int fatal = Integer.parseInt(arguments[2]);
    try (Source source = Source.of(path);
        PmemMap file = MapConfig.of(Granularity.PAGE).map(source)) {
      var map = new FatalMap(file, fatal, arguments[3].equals("half"));
      run(map, arguments[1].isEmpty() ? new String[0] : arguments[1].split("\\.", -1));
      System.out.println("points " + map.points);
    }
  }

  private static void run(PmemMap map, String[] program) throws Exception {
    var subject = new KvRollSubject();
    List<Operation<KvStore, Map<String, String>>> operations = subject.operations();
    KvStore store = subject.create(map);
    System.out.println("returned");
    for (String index : program) {
      Operation<KvStore, Map<String, String>> operation = operations.get(Integer.parseInt(index));
      if (operation.reopens()) {
        store.close();
        store = subject.open(map);
      } else {
        operation.action().run(store);
      }
      System.out.println("returned");
    }
  }

  /** A map on which one persist is the last thing that happens. */
  private static final class FatalMap extends ForwardingMap {
    private final int fatal;
    private final boolean half;
    private int points;

    FatalMap(PmemMap map, int fatal, boolean half) {
      super(map);
      this.fatal = fatal;
      this.half = half;
    }

    private boolean isFatal() {
      return points++ == fatal;
    }

    private static void die() {
      Runtime.getRuntime().halt(KILLED);
    }

    @Override
    public void flush(long offset, long length) {
      if (isFatal()) {
        super.flush(offset, half ? length / 2 : 0);
        die();
      }
      super.flush(offset, length);
    }

    @Override
    public void copy(
        long offset, MemorySegment source, long sourceOffset, long length, CopyFlags flags) {
      if (isFatal()) {
        super.copy(offset, source, sourceOffset, half ? length / 2 : 0, flags);
        die();
      }
      super.copy(offset, source, sourceOffset, length, flags);
    }

    @Override
    public void fill(long offset, long length, byte value, CopyFlags flags) {
      if (isFatal()) {
        super.fill(offset, half ? length / 2 : 0, value, flags);
        die();
      }
      super.fill(offset, length, value, flags);
    }
  }
}
