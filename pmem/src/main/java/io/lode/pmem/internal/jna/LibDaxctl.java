package io.lode.pmem.internal.jna;

/** The functions used from libdaxctl ({@code daxctl/libdaxctl.h}), as in C; 0 means none. */
public interface LibDaxctl {
  /** First device of a region. */
  long daxctl_dev_get_first(long region);

  /** Next device. */
  long daxctl_dev_get_next(long device);

  /** Major number, or negative. */
  int daxctl_dev_get_major(long device);

  /** Minor number, or negative. */
  int daxctl_dev_get_minor(long device);
}
