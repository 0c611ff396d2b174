package io.lode.pmem.internal.cpu;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The loaded routines, and the choice of which to call.
 *
 * @param blob the offset of each routine
 * @param code the executable memory
 * @param choice the entries for this CPU
 */
record LoadedCode(CodeBlob blob, MemorySegment code, CpuChoice choice) {
  /**
   * Links one routine as a critical call, which has no thread transition and is therefore limited
   * to 64 KiB of work per call.
   */
  MethodHandle critical(String entry, FunctionDescriptor descriptor, boolean heapAllowed)
      throws UnusableException {
    return critical(blob, code, entry, descriptor, heapAllowed);
  }

  @SuppressWarnings("restricted")
  static MethodHandle critical(
      CodeBlob blob,
      MemorySegment code,
      String entry,
      FunctionDescriptor descriptor,
      boolean heapAllowed)
      throws UnusableException {
    return Linker.nativeLinker()
        .downcallHandle(
            code.asSlice(blob.offset(entry)), descriptor, Linker.Option.critical(heapAllowed));
  }
}
