package io.lode.pmem.internal.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Map;

/**
 * Run as a JVM of its own: threads whose system calls a seccomp filter refuses load the routines.
 *
 * <p>A filter binds only the thread that installs it, so the JVM's compiler is not disturbed.
 */
final class HardenedProbe {
  private static final boolean X86 = !System.getProperty("os.arch", "").equals("aarch64");
  private static final int NR_MMAP = X86 ? 9 : 222;
  private static final int NR_MEMFD_CREATE = X86 ? 319 : 279;
  private static final int ALL_BITS = -1;
  private static final int PROT_EXEC = 4;

  private HardenedProbe() {}

  public static void main(String[] arguments) throws Exception {
    var calls = new SystemLibrary();
    System.out.println("free=" + (load(calls).loaded() != null));
    var prctl = prctl();
    loadRefused("no memfd", prctl, calls, NR_MEMFD_CREATE, 1, ALL_BITS);
    loadRefused("no code", prctl, calls, NR_MMAP, 2, PROT_EXEC);
  }

  private static Startup.Outcome load(LinuxCalls calls) {
    return Startup.load(
        "Linux",
        System.getProperty("os.arch", ""),
        Startup.class::getResourceAsStream,
        calls,
        Map.of());
  }

  private static void loadRefused(
      String name, MethodHandle prctl, LinuxCalls calls, int call, int argument, int bits)
      throws InterruptedException {
    Thread.ofPlatform()
        .start(() -> {
          refuse(prctl, call, argument, bits);
          System.out.println(name + ": " + load(calls).reason());
        })
        .join();
  }

  @SuppressWarnings("restricted")
  private static MethodHandle prctl() {
    var linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().find("prctl").orElseThrow(),
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG),
        Linker.Option.firstVariadicArg(1));
  }

  /** The call fails with EACCES in this thread if any of the bits is set in the argument. */
  private static void refuse(MethodHandle prctl, int call, int argument, int bits) {
    // struct sock_filter (linux/filter.h): code, jump if true, jump if false, operand.
    int[][] program = {
      {0x20, 0, 0, 0}, // load the call's number
      {0x15, 0, 3, call}, // another: allow
      {0x20, 0, 0, 16 + 8 * argument}, // load the low half of the argument
      {0x45, 0, 1, bits}, // none of the bits: allow
      {0x06, 0, 0, 0x0005_0000 | 13}, // SECCOMP_RET_ERRNO, EACCES
      {0x06, 0, 0, 0x7fff_0000}, // SECCOMP_RET_ALLOW
    };
    try (var arena = Arena.ofConfined()) {
      var filters = arena.allocate(8L * program.length, 8);
      for (int index = 0; index < program.length; index++) {
        var line = program[index];
        filters.set(JAVA_SHORT, 8L * index, (short) line[0]);
        filters.set(JAVA_BYTE, 8L * index + 2, (byte) line[1]);
        filters.set(JAVA_BYTE, 8L * index + 3, (byte) line[2]);
        filters.set(JAVA_INT, 8L * index + 4, line[3]);
      }
      var programSegment = arena.allocate(16, 8);
      programSegment.set(JAVA_SHORT, 0, (short) program.length);
      programSegment.set(ADDRESS, 8, filters);
      var none = MemorySegment.NULL;
      // PR_SET_NO_NEW_PRIVS is 38, PR_SET_SECCOMP 22, SECCOMP_MODE_FILTER 2.
      if ((int) prctl.invokeExact(38, 1L, none, 0L, 0L) != 0
          || (int) prctl.invokeExact(22, 2L, programSegment, 0L, 0L) != 0) {
        throw new IllegalStateException("this kernel takes no seccomp filter");
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
