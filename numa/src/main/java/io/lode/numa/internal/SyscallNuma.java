package io.lode.numa.internal;

import io.lode.numa.internal.jna.LibC;
import io.lode.numa.internal.jna.LibNuma;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The memory-policy calls by system call number, for machines without libnuma. */
final class SyscallNuma implements LibNuma {
  /** {@code set_mempolicy_home_node} has the same number on every architecture and no wrapper. */
  static final long SET_MEMPOLICY_HOME_NODE = 450;

  private final LibC c;
  private final Numbers numbers;

  /** Call numbers of one architecture. */
  private record Numbers(long mbind, long get, long set, long migrate, long move) {}

  private SyscallNuma(LibC c, Numbers numbers) {
    this.c = c;
    this.numbers = numbers;
  }

  /** Returns the calls for an architecture as {@code os.arch} names it, absent when unknown. */
  static Optional<LibNuma> of(LibC c, String architecture) {
    return switch (architecture) {
      // arch/x86/entry/syscalls/syscall_64.tbl
      case "amd64", "x86_64" ->
          Optional.of(new SyscallNuma(c, new Numbers(237, 239, 238, 256, 279)));
      // include/uapi/asm-generic/unistd.h
      case "aarch64", "riscv64", "loongarch64" ->
          Optional.of(new SyscallNuma(c, new Numbers(235, 236, 237, 238, 239)));
      default -> Optional.empty();
    };
  }

  @Override
  public long get_mempolicy(int[] mode, long[] nodemask, long maxnode, long addr, int flags) {
    return c.syscall(numbers.get, mode, nodemask, maxnode, addr, flags);
  }

  @Override
  public long set_mempolicy(int mode, long @Nullable [] nodemask, long maxnode) {
    return c.syscall(numbers.set, (long) mode, nodemask, maxnode);
  }

  @Override
  public long mbind(
      long addr, long len, int mode, long @Nullable [] nodemask, long maxnode, int flags) {
    return c.syscall(numbers.mbind, addr, len, (long) mode, nodemask, maxnode, flags);
  }

  @Override
  public long migrate_pages(int pid, long maxnode, long[] oldNodes, long[] newNodes) {
    return c.syscall(numbers.migrate, pid, maxnode, oldNodes, newNodes);
  }

  @Override
  public long move_pages(
      int pid,
      long count,
      long @Nullable [] pages,
      int @Nullable [] nodes,
      int @Nullable [] status,
      int flags) {
    return c.syscall(numbers.move, pid, count, pages, nodes, status, flags);
  }
}
