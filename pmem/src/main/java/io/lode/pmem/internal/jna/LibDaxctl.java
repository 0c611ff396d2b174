package io.lode.pmem.internal.jna;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** What is used of libdaxctl ({@code daxctl/libdaxctl.h}), as C has it. */
public interface LibDaxctl extends Library {
  /** First device of a region. */
  @Nullable Pointer daxctl_dev_get_first(Pointer region);

  /** Next device. */
  @Nullable Pointer daxctl_dev_get_next(Pointer device);

  /** Major number, or negative. */
  int daxctl_dev_get_major(Pointer device);

  /** Minor number, or negative. */
  int daxctl_dev_get_minor(Pointer device);
}
