package io.lode.pmem.internal.jna;

import com.sun.jna.Native;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Loads each library once, and records the reason if that fails. */
public final class NativeLibraries {
  private NativeLibraries() {}

  /**
   * A library, or why there is none.
   *
   * @param library the library, null if it could not be loaded
   * @param reason why not; empty if it was loaded
   * @param denied true if the JVM refused native access
   * @param <T> its interface
   */
  public record Loaded<T>(@Nullable T library, String reason, boolean denied) {}

  /** Returns libc. */
  public static Loaded<LibC> libc() {
    return LibCHolder.LOADED;
  }

  /** Returns libndctl. */
  public static Loaded<LibNdctl> libndctl() {
    return LibNdctlHolder.LOADED;
  }

  /** Returns libdaxctl. */
  public static Loaded<LibDaxctl> libdaxctl() {
    return LibDaxctlHolder.LOADED;
  }

  /** Returns the error number of this thread's last call. */
  public static int errno() {
    return Native.getLastError();
  }

  private static <T> Loaded<T> load(Supplier<T> library) {
    try {
      return new Loaded<>(library.get(), "", false);
    } catch (IllegalCallerException | LinkageError e) {
      boolean denied = isDenied(e);
      return new Loaded<>(null, denied ? root(e).toString() : e.toString(), denied);
    }
  }

  /**
   * The JVM's refusal arrives directly, or as the cause of JNA's failed initialization, on later
   * calls too.
   */
  private static boolean isDenied(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof IllegalCallerException
          || String.valueOf(t.getMessage()).contains("IllegalCallerException")) {
        return true;
      }
    }
    return false;
  }

  private static Throwable root(Throwable e) {
    Throwable t = e;
    while (t.getCause() != null) {
      t = t.getCause();
    }
    return t;
  }

  private static final class LibCHolder {
    static final Loaded<LibC> LOADED = load(() -> CFunctions.ofProcess(LibC.class));
  }

  private static final class LibNdctlHolder {
    static final Loaded<LibNdctl> LOADED =
        load(() -> CFunctions.ofLibrary("libndctl.so.6", LibNdctl.class));
  }

  private static final class LibDaxctlHolder {
    static final Loaded<LibDaxctl> LOADED =
        load(() -> CFunctions.ofLibrary("libdaxctl.so.1", LibDaxctl.class));
  }
}
