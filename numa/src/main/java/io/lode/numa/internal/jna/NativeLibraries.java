package io.lode.numa.internal.jna;

import com.sun.jna.Native;
import java.util.function.Supplier;
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
  public record Binding<T>(@Nullable T library, String reason) {}

  /** Binds the functions of the C library. */
  public static <T> Binding<T> c(Class<T> type) {
    return bind("libc", () -> CFunctions.ofProcess(type));
  }

  /** Binds the functions of the library {@code name}, a name or path as of dlopen(3). */
  public static <T> Binding<T> load(String name, Class<T> type) {
    return bind(name, () -> CFunctions.ofLibrary(name, type));
  }

  private static <T> Binding<T> bind(String name, Supplier<T> library) {
    try {
      return new Binding<>(library.get(), name + " loaded");
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
