package io.lode.numa;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A seccomp filter for the whole process that answers some calls with an error, as containers do.
 */
final class SeccompFilter {
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final long SET_MODE_FILTER = 1;
  private static final long ALL_THREADS = 1;
  private static final int LOAD_WORD = 0x20;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int RETURN = 0x06;
  private static final int RETURN_ERRNO = 0x00050000;
  private static final int RETURN_ALLOW = 0x7fff0000;
  private static final boolean X86 = System.getProperty("os.arch").equals("amd64");

  private SeccompFilter() {}

  /** The two calls that install a filter. */
  interface C extends Library {
    int prctl(int option, long a, long b, long c, long d);

    long syscall(long number, long operation, long flags, Pointer program);
  }

  /** Makes the named groups of calls fail with an error number. */
  static void install(int errno, List<String> groups) {
    int[] denied = groups.stream().flatMapToInt(SeccompFilter::numbers).toArray();
    // Load the number; compare with each; allow; deny.
    Memory code = new Memory((denied.length + 3) * 8L);
    instruction(code, 0, LOAD_WORD, 0, 0, 0);
    for (int i = 0; i < denied.length; i++) {
      instruction(code, i + 1, JUMP_IF_EQUAL, denied.length - i, 0, denied[i]);
    }
    instruction(code, denied.length + 1, RETURN, 0, 0, RETURN_ALLOW);
    instruction(code, denied.length + 2, RETURN, 0, 0, RETURN_ERRNO | errno);
    Memory program = new Memory(16);
    program.setShort(0, (short) (denied.length + 3));
    program.setPointer(8, code);
    C c = Native.load("c", C.class);
    long seccomp = X86 ? 317 : 277;
    if (c.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
        || c.syscall(seccomp, SET_MODE_FILTER, ALL_THREADS, program) != 0) {
      throw new IllegalStateException("no filter: errno " + Native.getLastError());
    }
  }

  private static void instruction(Memory code, int index, int op, int yes, int no, int value) {
    long offset = index * 8L;
    code.setShort(offset, (short) op);
    code.setByte(offset + 2, (byte) yes);
    code.setByte(offset + 3, (byte) no);
    code.setInt(offset + 4, value);
  }

  private static IntStream numbers(String group) {
    return switch (group) {
      case "policy-read" -> IntStream.of(X86 ? 239 : 236);
      case "policy-write" -> X86 ? IntStream.of(237, 238) : IntStream.of(235, 237);
      case "move" -> X86 ? IntStream.of(256, 279) : IntStream.of(238, 239);
      case "home" -> IntStream.of(450);
      default -> throw new IllegalArgumentException(group);
    };
  }
}
