package io.lode.pmem.internal.cpu;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Routines that can be called, and which of them to call.
 *
 * @param blob where each routine starts
 * @param code the executable memory
 * @param choice the entries for this CPU
 */
record LoadedCode(CodeBlob blob, MemorySegment code, CpuChoice choice) {
  /** Links one routine as a critical call: no transition, so at most 64 KiB of work a call. */
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
