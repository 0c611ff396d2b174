package io.lode.numa.internal.jna;

import com.sun.jna.Library;
import com.sun.jna.Native;
import org.jspecify.annotations.Nullable;

/** Loads C libraries, and returns a reason instead of an error where that is not possible. */
public final class NativeLibraries {
  private NativeLibraries() {}

  /**
   * A library, or why there is none.
   *
   * @param library the bound library, null when it could not be loaded
   * @param reason what was loaded, or why not
   */
  public record Binding<T extends Library>(@Nullable T library, String reason) {}

  /** Binds {@code name} to {@code type}. */
  public static <T extends Library> Binding<T> load(String name, Class<T> type) {
    try {
      if (Native.LONG_SIZE != Long.BYTES) {
        return new Binding<>(null, "only 64-bit Linux is supported");
      }
      return new Binding<>(Native.load(name, type), name + " loaded");
    } catch (LinkageError | RuntimeException e) {
      // JNA's message lists every path it tried; its first line says what is wrong.
      String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      return new Binding<>(null, name + " cannot be loaded: " + message);
    }
  }

  /** Returns the error number of the calling thread's last native call. */
  public static int errno() {
    return Native.getLastError();
  }
}
