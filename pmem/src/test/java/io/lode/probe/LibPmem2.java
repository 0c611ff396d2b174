package io.lode.probe;

import com.sun.jna.Library;
import org.jspecify.annotations.Nullable;

/** The functions used from libpmem2 ({@code libpmem2.h}), as in C; objects are addresses. */
public interface LibPmem2 extends Library {
  /** Creates a source from a descriptor. */
  int pmem2_source_from_fd(long[] source, int fd);

  /** Creates a source of anonymous memory. */
  int pmem2_source_from_anon(long[] source, long size);

  /** Asks the size. */
  int pmem2_source_size(long source, long[] size);

  /** Asks the alignment. */
  int pmem2_source_alignment(long source, long[] alignment);

  /** Asks the node. */
  int pmem2_source_numa_node(long source, int[] node);

  /** Asks the unsafe shutdown count. */
  int pmem2_source_device_usc(long source, long[] count);

  /** Asks the length of the device id, or the id: its buffer begins with a zero byte. */
  int pmem2_source_device_id(long source, byte @Nullable [] id, long[] length);

  /** Reads. */
  int pmem2_source_pread_mcsafe(long source, byte[] buffer, long size, long offset);

  /** Writes. */
  int pmem2_source_pwrite_mcsafe(long source, byte[] buffer, long size, long offset);

  /** Begins a list of bad blocks. */
  int pmem2_badblock_context_new(long[] context, long source);

  /** Stores offset and length of the next bad block. */
  int pmem2_badblock_next(long context, long[] block);

  /** Ends a list of bad blocks. */
  void pmem2_badblock_context_delete(long[] context);

  /** Ends a source. */
  int pmem2_source_delete(long[] source);

  /** Makes a config. */
  int pmem2_config_new(long[] config);

  /** Sets the granularity. */
  int pmem2_config_set_required_store_granularity(long config, int granularity);

  /** Sets the offset. */
  int pmem2_config_set_offset(long config, long offset);

  /** Sets the length. */
  int pmem2_config_set_length(long config, long length);

  /** Sets the sharing. */
  int pmem2_config_set_sharing(long config, int sharing);

  /** Sets the protection. */
  int pmem2_config_set_protection(long config, int protection);

  /** Sets the reservation. */
  int pmem2_config_set_vm_reservation(long config, long reservation, long offset);

  /** Ends a config. */
  int pmem2_config_delete(long[] config);

  /** Maps. */
  int pmem2_map_new(long[] map, long config, long source);

  /** Ends a map. */
  int pmem2_map_delete(long[] map);

  /** The address. */
  long pmem2_map_get_address(long map);

  /** The size. */
  long pmem2_map_get_size(long map);

  /** The granularity. */
  int pmem2_map_get_store_granularity(long map);

  /** Flushes deeply. */
  int pmem2_deep_flush(long map, long address, long size);

  /** Makes a reservation. */
  int pmem2_vm_reservation_new(long[] reservation, long address, long size);

  /** Ends a reservation. */
  int pmem2_vm_reservation_delete(long[] reservation);

  /** The first address. */
  long pmem2_vm_reservation_get_address(long reservation);

  /** The size. */
  long pmem2_vm_reservation_get_size(long reservation);

  /** Adds at the end. */
  int pmem2_vm_reservation_extend(long reservation, long size);

  /** Releases addresses at an end. */
  int pmem2_vm_reservation_shrink(long reservation, long offset, long size);

  /** Finds a map that overlaps. */
  int pmem2_vm_reservation_map_find(long reservation, long offset, long length, long[] map);

  /** Finds the map before. */
  int pmem2_vm_reservation_map_find_prev(long reservation, long map, long[] previous);

  /** Finds the map after. */
  int pmem2_vm_reservation_map_find_next(long reservation, long map, long[] next);

  /** Finds the first map. */
  int pmem2_vm_reservation_map_find_first(long reservation, long[] map);

  /** Finds the last map. */
  int pmem2_vm_reservation_map_find_last(long reservation, long[] map);
}
