package io.lode.numa.internal;

import io.lode.numa.internal.jna.LibC;
import io.lode.numa.internal.jna.NativeLibraries;

/** The process's one binding of the C library. */
final class CLibrary {
  private static final NativeLibraries.Binding<LibC> BINDING = NativeLibraries.c(LibC.class);

  private CLibrary() {}

  static LibC require() throws ErrnoException {
    LibC library = BINDING.library();
    if (library == null) {
      throw ErrnoException.unavailable("native calls are not available: " + BINDING.reason());
    }
    return library;
  }
}
