package io.lode.probe;

import io.lode.pmem.Granularity;
import io.lode.pmem.MapConfig;
import io.lode.pmem.PmemException;
import io.lode.pmem.PmemMap;
import io.lode.pmem.Source;
import io.lode.pmem.VmReservation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs reservation scripts on Lode. */
final class LodeReservations implements ReservationScript.Side {
  private final Source source;
  private final List<PmemMap> maps = new ArrayList<>();
  private @Nullable VmReservation reservation;

  LodeReservations(String path) {
    source = Source.of(Path.of(path));
  }

  private static long code(LongSupplier call) {
    try {
      return call.getAsLong();
    } catch (PmemException e) {
      return e.code();
    }
  }

  private static long code(Runnable call) {
    return code(() -> {
      call.run();
      return 0;
    });
  }

  private VmReservation reservation() {
    if (reservation == null) {
      throw new IllegalArgumentException("nothing is reserved");
    }
    return reservation;
  }

  private long found(Supplier<Optional<PmemMap>> call) {
    return code(() -> {
      Optional<PmemMap> map = call.get();
      return map.isPresent() ? maps.indexOf(map.get()) : ReservationScript.NONE;
    });
  }

  @Override
  public long start(long bytes) {
    return code(() -> reservation = VmReservation.of(bytes));
  }

  @Override
  public long other(long address, long bytes) {
    return code(() -> VmReservation.at(address, bytes).close());
  }

  @Override
  public long address() {
    return reservation().address();
  }

  @Override
  public long size() {
    return reservation().sizeBytes();
  }

  @Override
  public long map(String granularity, long at, long offset, long length) {
    return code(() -> {
      maps.add(
          MapConfig.of(Granularity.valueOf(granularity))
              .offset(offset)
              .length(length)
              .in(reservation(), at)
              .map(source));
      return maps.size() - 1L;
    });
  }

  @Override
  public long mapAddress(int index) {
    return maps.get(index).segment().address();
  }

  @Override
  public long unmap(int index) {
    return code(maps.get(index)::close);
  }

  @Override
  public long extend(long bytes) {
    return code(() -> reservation().extend(bytes));
  }

  @Override
  public long shrink(long at, long bytes) {
    return code(() -> reservation().shrink(at, bytes));
  }

  @Override
  public long find(long at, long bytes) {
    return found(() -> reservation().find(at, bytes));
  }

  @Override
  public long first() {
    return found(() -> reservation().first());
  }

  @Override
  public long last() {
    return found(() -> reservation().last());
  }

  @Override
  public long next(int index) {
    return found(() -> reservation().next(maps.get(index)));
  }

  @Override
  public long previous(int index) {
    return found(() -> reservation().previous(maps.get(index)));
  }

  @Override
  public long end() {
    return code(reservation()::close);
  }

  @Override
  public void close() {
    maps.forEach(PmemMap::close);
    if (reservation != null) {
      reservation.close();
    }
    source.close();
  }
}
