package io.lode.probe;

import io.lode.pmem.Granularity;
import io.lode.pmem.MapConfig;
import io.lode.pmem.MapStatistics;
import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import io.lode.pmem.PmemMap;
import io.lode.pmem.Source;
import io.lode.pmem.VmReservation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Maps and unmaps many times, with failures in between, and prints what is left in the process.
 * Runs in its own JVM, where nothing else maps, with the serial collector and one malloc arena.
 */
public final class LeakProbe {
  private static final MapConfig PAGE = MapConfig.of(Granularity.PAGE);
  private static final MapConfig BYTE = MapConfig.of(Granularity.BYTE);
  private static final long SIZE = 1 << 20;

  private LeakProbe() {}

  /**
   * The resources of the process.
   *
   * @param maps lines of its address map
   * @param descriptors open ones
   * @param addressKib size of its address space
   */
  private record State(long maps, long descriptors, long addressKib) {
    static State now() throws IOException {
      try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"));
          Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"));
          Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
        long kib =
            status
                .filter(line -> line.startsWith("VmSize:"))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .sum();
        return new State(maps.count(), descriptors.count(), kib);
      }
    }
  }

  /** Arguments: a file of at least 1 MiB, and the number of cycles. */
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]);
    int cycles = Integer.parseInt(args[1]);
    cycles(file, cycles / 20);
    State before = State.now();
    cycles(file, cycles);
    State after = State.now();
    System.out.println("cycles " + cycles);
    System.out.println("maps " + (after.maps() - before.maps()));
    System.out.println("descriptors " + (after.descriptors() - before.descriptors()));
    System.out.println("addressKib " + (after.addressKib() - before.addressKib()));
    System.out.println("counted " + MapStatistics.ofThisProcess().count());
  }

  private static void cycles(Path file, int count) {
    try (VmReservation kept = VmReservation.of(4 * SIZE)) {
      for (int i = 0; i < count; i++) {
        try (Source source = Source.of(file)) {
          PAGE.map(source).close();
          refused(BYTE, source);
          inReservations(source, kept);
        }
      }
    }
  }

  private static void inReservations(Source source, VmReservation kept) {
    try (VmReservation passing = VmReservation.of(SIZE);
        PmemMap here = PAGE.in(kept, SIZE).map(source)) {
      PAGE.in(passing, 0).map(source).close();
      refused(BYTE.in(kept, 3 * SIZE), source);
      refused(PAGE.in(kept, 0).length(1), source);
      passing.shrink(0, SIZE / 2);
      extend(passing);
      here.persist(0, 1);
    }
  }

  /** The JVM's own threads map as well, and may have taken the addresses behind. */
  private static void extend(VmReservation reservation) {
    try {
      reservation.extend(SIZE / 2);
    } catch (PmemException e) {
      if (e.error() != PmemError.MAPPING_EXISTS) {
        throw e;
      }
    }
  }

  private static void refused(MapConfig config, Source source) {
    try {
      config.map(source).close();
    } catch (PmemException e) {
      return;
    }
    throw new IllegalStateException("was not refused: " + config);
  }
}
