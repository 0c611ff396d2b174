package io.lode.probe;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * The bytes that a thread has allocated, from ThreadMXBean.getCurrentThreadAllocatedBytes, found by
 * reflection because the library does not read its module.
 */
public final class AllocatedBytes {
  private AllocatedBytes() {}

  /** Returns a handle that reads the bytes that the calling thread has allocated so far. */
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
