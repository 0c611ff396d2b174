package io.lode.probe;

import io.lode.pmem.internal.jna.LibC;
import io.lode.pmem.internal.jna.NativeLibraries;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Runs reservation scripts on libpmem2. */
final class Libpmem2Reservations implements ReservationScript.Side {
  private static final LibC LIBC = Objects.requireNonNull(NativeLibraries.libc().library());

  private final LibPmem2 lib;
  private final int fd;
  private final long[] source = new long[1];
  private final long[] reservation = new long[1];
  // A map that has ended is 0; an address may come again for another map.
  private final List<Long> maps = new ArrayList<>();

  Libpmem2Reservations(LibPmem2 lib, String path) {
    this.lib = lib;
    fd = LIBC.open((path + "\0").getBytes(StandardCharsets.UTF_8), LibC.O_RDWR, 0);
    require(lib.pmem2_source_from_fd(source, fd));
  }

  private static void require(int code) {
    if (code != 0) {
      throw new IllegalStateException("libpmem2: " + code);
    }
  }

  private long found(int code, long[] map) {
    return code != 0 ? code : maps.indexOf(map[0]);
  }

  @Override
  public long start(long bytes) {
    return lib.pmem2_vm_reservation_new(reservation, 0, bytes);
  }

  @Override
  public long other(long address, long bytes) {
    long[] other = new long[1];
    int code = lib.pmem2_vm_reservation_new(other, address, bytes);
    return code != 0 ? code : lib.pmem2_vm_reservation_delete(other);
  }

  @Override
  public long address() {
    return lib.pmem2_vm_reservation_get_address(reservation[0]);
  }

  @Override
  public long size() {
    return lib.pmem2_vm_reservation_get_size(reservation[0]);
  }

  @Override
  public long map(String granularity, long at, long offset, long length) {
    long[] config = new long[1];
    require(lib.pmem2_config_new(config));
    try {
      int rank = granularity.equals("PAGE") ? 2 : 0;
      require(lib.pmem2_config_set_required_store_granularity(config[0], rank));
      require(lib.pmem2_config_set_vm_reservation(config[0], reservation[0], at));
      int code = lib.pmem2_config_set_offset(config[0], offset);
      code = code != 0 ? code : lib.pmem2_config_set_length(config[0], length);
      long[] map = new long[1];
      code = code != 0 ? code : lib.pmem2_map_new(map, config[0], source[0]);
      if (code != 0) {
        return code;
      }
      maps.add(map[0]);
      return maps.size() - 1L;
    } finally {
      lib.pmem2_config_delete(config);
    }
  }

  @Override
  public long mapAddress(int index) {
    return lib.pmem2_map_get_address(maps.get(index));
  }

  @Override
  public long unmap(int index) {
    return lib.pmem2_map_delete(new long[] {maps.set(index, 0L)});
  }

  @Override
  public long extend(long bytes) {
    return lib.pmem2_vm_reservation_extend(reservation[0], bytes);
  }

  @Override
  public long shrink(long at, long bytes) {
    return lib.pmem2_vm_reservation_shrink(reservation[0], at, bytes);
  }

  @Override
  public long find(long at, long bytes) {
    long[] map = new long[1];
    return found(lib.pmem2_vm_reservation_map_find(reservation[0], at, bytes, map), map);
  }

  @Override
  public long first() {
    long[] map = new long[1];
    return found(lib.pmem2_vm_reservation_map_find_first(reservation[0], map), map);
  }

  @Override
  public long last() {
    long[] map = new long[1];
    return found(lib.pmem2_vm_reservation_map_find_last(reservation[0], map), map);
  }

  @Override
  public long next(int index) {
    long[] map = new long[1];
    int code = lib.pmem2_vm_reservation_map_find_next(reservation[0], maps.get(index), map);
    return found(code, map);
  }

  @Override
  public long previous(int index) {
    long[] map = new long[1];
    int code = lib.pmem2_vm_reservation_map_find_prev(reservation[0], maps.get(index), map);
    return found(code, map);
  }

  @Override
  public long end() {
    return lib.pmem2_vm_reservation_delete(reservation);
  }

  @Override
  public void close() {
    for (long map : maps) {
      if (map != 0) {
        lib.pmem2_map_delete(new long[] {map});
      }
    }
    if (reservation[0] != 0) {
      lib.pmem2_vm_reservation_delete(reservation);
    }
    lib.pmem2_source_delete(source);
    LIBC.close(fd);
  }
}
