package io.lode.probe;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * What a thread has allocated, from ThreadMXBean.getCurrentThreadAllocatedBytes: of a module that
 * the library does not read.
 */
public final class AllocatedBytes {
  private AllocatedBytes() {}

  /** Returns what tells the bytes that the calling thread has allocated so far. */
  public static MethodHandle handle() throws ReflectiveOperationException {
    Object threads =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getThreadMXBean")
            .invoke(null);
    return MethodHandles.publicLookup()
        .findVirtual(
            Class.forName("com.sun.management.ThreadMXBean"),
            "getCurrentThreadAllocatedBytes",
            MethodType.methodType(long.class))
        .bindTo(threads);
  }
}
