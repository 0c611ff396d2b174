package io.lode.pmem.internal.jna;

import org.jspecify.annotations.Nullable;

/**
 * The functions used from libndctl ({@code ndctl/libndctl.h}), as in C; an object is represented by
 * its address, and 0 means none. All objects belong to a context and end with it; a context may be
 * used by one thread at a time.
 */
public interface LibNdctl {
  /** Creates a context and stores it in the one-element array; returns 0 or a negative errno. */
  int ndctl_new(long[] context);

  /** Releases a context; returns 0. */
  long ndctl_unref(long context);

  /** Sets how much is printed to standard error; 0 is almost nothing. */
  void ndctl_set_log_priority(long context, int priority);

  /** First bus. */
  long ndctl_bus_get_first(long context);

  /** Next bus. */
  long ndctl_bus_get_next(long bus);

  /** First region of a bus. */
  long ndctl_region_get_first(long bus);

  /** Next region. */
  long ndctl_region_get_next(long region);

  /** The bus of a region. */
  long ndctl_region_get_bus(long region);

  /** The name of a region in sysfs. */
  @Nullable String ndctl_region_get_devname(long region);

  /** The node of a region: -1 unknown, -2 no such attribute. */
  int ndctl_region_get_numa_node(long region);

  /** First namespace of a region. */
  long ndctl_namespace_get_first(long region);

  /** Next namespace. */
  long ndctl_namespace_get_next(long namespace);

  /** The devdax side of a namespace. */
  long ndctl_namespace_get_dax(long namespace);

  /** The sector-atomic side of a namespace. */
  long ndctl_namespace_get_btt(long namespace);

  /** The fsdax side of a namespace. */
  long ndctl_namespace_get_pfn(long namespace);

  /** The name of the raw block device. */
  @Nullable String ndctl_namespace_get_block_device(long namespace);

  /** The name of the sector-atomic block device. */
  @Nullable String ndctl_btt_get_block_device(long btt);

  /** The name of the fsdax block device. */
  @Nullable String ndctl_pfn_get_block_device(long pfn);

  /** The dax region of a devdax namespace, an object of libdaxctl. */
  long ndctl_dax_get_daxctl_region(long dax);

  /** Creates the query whether errors of a physical range can be found and cleared. */
  long ndctl_bus_cmd_new_ars_cap(long bus, long address, long length);

  /** Creates the command that clears the errors of a range, from the completed query. */
  long ndctl_bus_cmd_new_clear_error(long address, long length, long arsCap);

  /** Returns how many bytes the command has cleared. */
  long ndctl_cmd_clear_error_get_cleared(long command);

  /** Runs a command; returns 0 or more, or a negative errno. */
  int ndctl_cmd_submit(long command);

  /** Releases a command. */
  void ndctl_cmd_unref(long command);
}
