package io.lode.pmem.internal.cpu;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** The prefetch instruction of this CPU, where native routines can run. */
public final class PrefetchRoutine {
  private static final @Nullable MethodHandle PREFETCH = link();

  private PrefetchRoutine() {}

  private static @Nullable MethodHandle link() {
    LoadedCode code = Startup.OUTCOME.loaded();
    if (code == null) {
      return null;
    }
    try {
      return code.critical("prefetch", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG), false);
    } catch (UnusableException _) {
      return null; // a hint may be dropped
    }
  }

  /**
   * Prefetches lines of 64 bytes.
   *
   * @param address any address: the CPU ignores one that cannot be read
   * @param count the number of lines, at least 1
   */
  public static void lines(long address, long count) {
    if (PREFETCH != null) {
      try {
        PREFETCH.invokeExact(address, count);
      } catch (Throwable e) {
        throw new AssertionError("prefetch throws nothing", e);
      }
    }
  }
}
