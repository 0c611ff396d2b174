package io.lode.pmem.internal.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** {@link LinuxCalls} through the C library of this JVM. Used only at start-up, hence not tuned. */
final class SystemLibrary implements LinuxCalls {
  private static final long ERRNO_OFFSET =
      Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));

  private final MethodHandle memfdCreate;
  private final MethodHandle write;
  private final MethodHandle mmap;
  private final MethodHandle close;
  private final MethodHandle getauxval;

  /** Links the functions; IllegalCallerException if native access is not enabled. */
  SystemLibrary() throws UnusableException {
    memfdCreate = link("memfd_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    write = link("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    mmap =
        link(
            "mmap",
            FunctionDescriptor.of(
                JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    close = link("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    getauxval = link("getauxval", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link(String name, FunctionDescriptor descriptor)
      throws UnusableException {
    var linker = Linker.nativeLinker();
    var address = linker.defaultLookup().find(name);
    if (address.isEmpty()) {
      throw new UnusableException("the C library has no " + name);
    }
    return linker.downcallHandle(
        address.get(), descriptor, Linker.Option.captureCallState("errno"));
  }

  @Override
  public long memfdCreate(String name, int flags) {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(Linker.Option.captureStateLayout());
      return orErrno((int) memfdCreate.invokeExact(state, arena.allocateFrom(name), flags), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public long write(int fd, MemorySegment bytes) {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(Linker.Option.captureStateLayout());
      return orErrno((long) write.invokeExact(state, fd, bytes, bytes.byteSize()), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public long mmap(long length, int protection, int flags, int fd) {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(Linker.Option.captureStateLayout());
      var anywhere = MemorySegment.NULL;
      return orErrno(
          (long) mmap.invokeExact(state, anywhere, length, protection, flags, fd, 0L), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public long close(int fd) {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(Linker.Option.captureStateLayout());
      return orErrno((int) close.invokeExact(state, fd), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public long getauxval(long type) {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(Linker.Option.captureStateLayout());
      return (long) getauxval.invokeExact(state, type);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static long orErrno(long result, MemorySegment state) {
    return result == -1 ? -state.get(JAVA_INT, ERRNO_OFFSET) : result;
  }

  private static RuntimeException unexpected(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
  }
}
