package io.lode.cli;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** {@code lode} where set_mempolicy(2) is not permitted, as in a container with seccomp. */
final class DeniedPolicyMain {
  // Linux, linux/prctl.h, linux/seccomp.h and linux/filter.h.
  private static final int PR_SET_SECCOMP = 22;
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final long SECCOMP_MODE_FILTER = 2;
  private static final int LOAD_WORD = 0x20;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int RETURN = 0x06;
  private static final int ALLOW = 0x7fff0000;
  private static final int DENY_WITH_EPERM = 0x00050001;

  private DeniedPolicyMain() {}

  /** The call that installs a filter. */
  interface C extends Library {
    int prctl(int option, long first, Pointer second, long third, long fourth);
  }

  public static void main(String[] arguments) {
    int setMempolicy = System.getProperty("os.arch").equals("amd64") ? 238 : 237;
    int[][] code = {
      {LOAD_WORD, 0, 0, 0},
      {JUMP_IF_EQUAL, 1, 0, setMempolicy},
      {RETURN, 0, 0, ALLOW},
      {RETURN, 0, 0, DENY_WITH_EPERM}
    };
    try (Memory instructions = new Memory(code.length * 8L);
        Memory program = new Memory(16)) {
      for (int i = 0; i < code.length; i++) {
        instructions.setShort(i * 8L, (short) code[i][0]);
        instructions.setByte(i * 8L + 2, (byte) code[i][1]);
        instructions.setByte(i * 8L + 3, (byte) code[i][2]);
        instructions.setInt(i * 8L + 4, code[i][3]);
      }
      program.setShort(0, (short) code.length);
      program.setPointer(8, instructions);
      C c = Native.load("c", C.class);
      if (c.prctl(PR_SET_NO_NEW_PRIVS, 1, Pointer.NULL, 0, 0) != 0
          || c.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0) != 0) {
        throw new IllegalStateException("no filter: errno " + Native.getLastError());
      }
    }
    Main.main(arguments);
  }
}
