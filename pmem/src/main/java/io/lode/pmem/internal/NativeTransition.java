package io.lode.pmem.internal;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/**
 * An ordinary native call that does nothing: when it returns, the JVM throws the errors that are
 * pending for the thread.
 */
final class NativeTransition {
  private NativeTransition() {}

  /**
   * Makes the call.
   *
   * @throws InternalError if an access before this one met an unreadable page
   */
  static void make() {
    try {
      int ignored = (int) Holder.ABS.invokeExact(0);
      assert ignored == 0;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("abs declares no exception", e);
    }
  }

  /** Linked on first use, so that a refusal can be caught. */
  private static final class Holder {
    static final MethodHandle ABS = handle();

    @SuppressWarnings("restricted")
    private static MethodHandle handle() {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(
          linker.defaultLookup().findOrThrow("abs"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }
  }
}
