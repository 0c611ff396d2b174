package io.lode.pmem.internal.jna;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import org.jspecify.annotations.Nullable;

/**
 * What is used of libndctl ({@code ndctl/libndctl.h}), as C has it. All objects belong to the
 * context and end with it; a context belongs to one thread at a time.
 */
public interface LibNdctl extends Library {
  /** Makes a context; 0 or a negative errno. */
  int ndctl_new(PointerByReference context);

  /** Releases a context; returns null. */
  @Nullable Pointer ndctl_unref(Pointer context);

  /** Sets how much is printed on the standard error; 0 is next to nothing. */
  void ndctl_set_log_priority(Pointer context, int priority);

  /** First bus. */
  @Nullable Pointer ndctl_bus_get_first(Pointer context);

  /** Next bus. */
  @Nullable Pointer ndctl_bus_get_next(Pointer bus);

  /** First region of a bus. */
  @Nullable Pointer ndctl_region_get_first(Pointer bus);

  /** Next region. */
  @Nullable Pointer ndctl_region_get_next(Pointer region);

  /** The name of a region in sysfs. */
  @Nullable String ndctl_region_get_devname(Pointer region);

  /** The node of a region: -1 unknown, -2 no such attribute. */
  int ndctl_region_get_numa_node(Pointer region);

  /** First namespace of a region. */
  @Nullable Pointer ndctl_namespace_get_first(Pointer region);

  /** Next namespace. */
  @Nullable Pointer ndctl_namespace_get_next(Pointer namespace);

  /** The devdax side of a namespace. */
  @Nullable Pointer ndctl_namespace_get_dax(Pointer namespace);

  /** The sector-atomic side of a namespace. */
  @Nullable Pointer ndctl_namespace_get_btt(Pointer namespace);

  /** The fsdax side of a namespace. */
  @Nullable Pointer ndctl_namespace_get_pfn(Pointer namespace);

  /** The name of the raw block device. */
  @Nullable String ndctl_namespace_get_block_device(Pointer namespace);

  /** The name of the sector-atomic block device. */
  @Nullable String ndctl_btt_get_block_device(Pointer btt);

  /** The name of the fsdax block device. */
  @Nullable String ndctl_pfn_get_block_device(Pointer pfn);

  /** The dax region of a devdax namespace, an object of libdaxctl. */
  @Nullable Pointer ndctl_dax_get_daxctl_region(Pointer dax);
}
