package io.lode.probe;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.lode.pmem.Granularity;
import io.lode.pmem.MapConfig;
import io.lode.pmem.PmemException;
import io.lode.pmem.PmemMap;
import io.lode.pmem.Protection;
import io.lode.pmem.Sharing;
import io.lode.pmem.Source;
import java.lang.foreign.MemorySegment;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/** Runs cases on Lode. */
final class LodeSide implements DifferentialProbe.Side {
  private static final int PIECE_BYTES = 6000;

  @Override
  public ReservationScript.Side reservations(String path) {
    return new LodeReservations(path);
  }

  @Override
  public String outcome(DifferentialProbe.Case c) {
    if (c.source().startsWith("anon:")) {
      try (Source source = Source.anonymous(Long.parseLong(c.source().substring(5)))) {
        return withSource(source, c);
      }
    }
    return Descriptors.with(
        c.source(),
        fd -> {
          try (Source source = Source.ofFd(fd)) {
            return withSource(source, c);
          } catch (PmemException e) {
            return "source " + e.code();
          }
        });
  }

  private static String withSource(Source source, DifferentialProbe.Case c) {
    return "size "
        + value(source::sizeBytes)
        + " alignment "
        + value(source::alignmentBytes)
        + " node "
        + value(source::numaNode)
        + medium(source)
        + " map "
        + map(source, c);
  }

  private static String medium(Source source) {
    long size = value(source::sizeBytes);
    MemorySegment piece = MemorySegment.ofArray(new byte[Math.clamp(size, 0, PIECE_BYTES)]);
    return " usc "
        + value(source::unsafeShutdownCount)
        + " id "
        + text(source::deviceId)
        + " bad "
        + text(() -> badBlocks(source))
        + " read "
        + text(() -> read(source, 0, piece))
        + " beyond "
        + text(() -> read(source, Math.max(0, size - 1), MemorySegment.ofArray(new byte[10])));
  }

  private static String badBlocks(Source source) {
    return source.badBlocks().stream()
        .map(block -> block.offset() + "+" + block.lengthBytes())
        .collect(Collectors.joining(","));
  }

  private static String read(Source source, long offset, MemorySegment piece) {
    source.read(offset, piece);
    CRC32C crc = new CRC32C();
    crc.update(piece.toArray(JAVA_BYTE));
    return Long.toHexString(crc.getValue());
  }

  private static String text(Supplier<String> supplier) {
    try {
      return supplier.get();
    } catch (PmemException e) {
      return Integer.toString(e.code());
    }
  }

  private static long value(LongSupplier supplier) {
    try {
      return supplier.getAsLong();
    } catch (PmemException e) {
      return e.code();
    }
  }

  private static String map(Source source, DifferentialProbe.Case c) {
    try {
      MapConfig config =
          MapConfig.of(Granularity.valueOf(c.granularity()))
              .offset(c.offset())
              .length(c.length())
              .sharing(Sharing.valueOf(c.sharing()))
              .protection(Protection.valueOf(c.access()));
      try (PmemMap map = config.map(source)) {
        return describe(map, c.access());
      }
    } catch (PmemException e) {
      return Integer.toString(e.code());
    } catch (IllegalArgumentException e) {
      return "IllegalArgumentException";
    }
  }

  private static long deepFlush(PmemMap map) {
    return value(() -> {
      map.deepFlush(0, map.size());
      return 0;
    });
  }

  private static String describe(PmemMap map, String access) {
    long size = map.size();
    long address = map.segment().address();
    String content = "";
    if (!access.equals("NONE")) {
      CRC32C crc = new CRC32C();
      crc.update(map.segment().asSlice(0, Math.min(size, 1 << 16)).toArray(JAVA_BYTE));
      content = Long.toHexString(crc.getValue());
    }
    return "ok size "
        + size
        + " granularity "
        + map.granularity()
        + " aligned "
        + (address % (size >= 2L << 30 ? 1 << 30 : 2 << 20) == 0)
        + " content "
        + content
        + " deep "
        + deepFlush(map)
        + " delete 0";
  }
}
