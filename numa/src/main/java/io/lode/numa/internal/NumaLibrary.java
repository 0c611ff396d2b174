package io.lode.numa.internal;

import io.lode.numa.internal.jna.LibC;
import io.lode.numa.internal.jna.LibNuma;
import io.lode.numa.internal.jna.NativeLibraries;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * The process's binding of the memory-policy calls: libnuma's where it is installed, otherwise by
 * system call number.
 */
public final class NumaLibrary {
  /** System property: another name or path of the library, or {@code none} to run without it. */
  public static final String PROPERTY = "io.lode.numa.libnuma";

  private static final String NAME = "libnuma.so.1";

  private final @Nullable LibNuma calls;
  private final boolean isLibnuma;
  private final String reason;

  private NumaLibrary(@Nullable LibNuma calls, boolean isLibnuma, String reason) {
    this.calls = calls;
    this.isLibnuma = isLibnuma;
    this.reason = reason;
  }

  /**
   * A separate class, because the loading thread needs the outer one: neither may wait for the
   * other.
   */
  private static final class Holder {
    private static final NumaLibrary INSTANCE = loadOnItsOwnThread();
  }

  /** Returns the binding. */
  public static NumaLibrary instance() {
    return Holder.INSTANCE;
  }

  /** Whether libnuma itself is in use. */
  public boolean isLibnuma() {
    return isLibnuma;
  }

  /** Returns what was loaded, or why not. */
  public String reason() {
    return reason;
  }

  LibNuma require() throws ErrnoException {
    if (calls == null) {
      throw ErrnoException.unavailable("memory-policy calls are not available: " + reason);
    }
    return calls;
  }

  /**
   * Loads on a new thread: the constructor of libnuma 2.0.15 to 2.0.17 briefly sets the loading
   * thread's policy.
   */
  private static NumaLibrary loadOnItsOwnThread() {
    FutureTask<NumaLibrary> load = new FutureTask<>(NumaLibrary::load);
    Thread loader = Thread.ofPlatform().daemon().name("lode-numa-load").start(load);
    boolean interrupted = false;
    while (true) {
      try {
        loader.join();
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return switch (load.state()) {
      case SUCCESS -> load.resultNow();
      case FAILED -> new NumaLibrary(null, false, String.valueOf(load.exceptionNow()));
      case RUNNING, CANCELLED ->
          throw new IllegalStateException("the loader ended without a result");
    };
  }

  private static NumaLibrary load() {
    String name = System.getProperty(PROPERTY, NAME);
    if (name.equals("none")) {
      return bySyscall("libnuma switched off by " + PROPERTY);
    }
    NativeLibraries.Binding<LibNuma> libnuma = NativeLibraries.load(name, LibNuma.class);
    return libnuma.library() == null
        ? bySyscall(libnuma.reason())
        : new NumaLibrary(libnuma.library(), true, libnuma.reason());
  }

  private static NumaLibrary bySyscall(String whyNotLibnuma) {
    String architecture = System.getProperty("os.arch", "");
    try {
      LibC c = CLibrary.require();
      Optional<LibNuma> calls = SyscallNuma.of(c, architecture);
      String how =
          calls.isPresent()
              ? "; calls are made by number"
              : "; call numbers of " + architecture + " are not known";
      return new NumaLibrary(calls.orElse(null), false, whyNotLibnuma + how);
    } catch (ErrnoException e) {
      return new NumaLibrary(null, false, whyNotLibnuma + "; " + e.getMessage());
    }
  }
}
