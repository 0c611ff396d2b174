package io.lode.bench.micro;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.lode.numa.Affinity;
import io.lode.numa.CpuSet;
import io.lode.numa.MemoryPolicy;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What do reading the memory policy and pinning a thread cost over the bare system calls that they
 * make? Pinning and unpinning are one read of the CPUs and two writes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("restricted")
public class NodeCallsBenchmark {
  // get_mempolicy(2): asm/unistd_64.h of x86-64, asm-generic/unistd.h of aarch64.
  private static final long GET_MEMPOLICY =
      System.getProperty("os.arch").equals("aarch64") ? 236 : 239;
  private static final long MASK_BYTES = 1024;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final FunctionDescriptor CPUS =
      FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
  private static final MethodHandle GET_AFFINITY = of("sched_getaffinity", CPUS);
  private static final MethodHandle SET_AFFINITY = of("sched_setaffinity", CPUS);
  private static final MethodHandle SYSCALL =
      of(
          "syscall",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG),
          Linker.Option.firstVariadicArg(1));

  private final CpuSet cpus = Affinity.current();
  private final MemorySegment mode = Arena.ofAuto().allocate(JAVA_INT);
  private final MemorySegment mask = Arena.ofAuto().allocate(MASK_BYTES);

  private static MethodHandle of(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
  }

  /**
   * Reads the thread's memory policy.
   *
   * @return the policy
   */
  @Benchmark
  public MemoryPolicy policy() {
    return MemoryPolicy.current();
  }

  /**
   * Reads the thread's memory policy with nothing around it.
   *
   * @return 0
   * @throws Throwable never
   */
  @Benchmark
  public long policyBare() throws Throwable {
    return (long) SYSCALL.invokeExact(GET_MEMPOLICY, mode, mask, MASK_BYTES * Byte.SIZE, 0L, 0L);
  }

  /** Pins the thread to the CPUs that it has, and unpins it. */
  @Benchmark
  public void pin() {
    Affinity.pin(cpus).close();
  }

  /**
   * The same with nothing around it.
   *
   * @return 0
   * @throws Throwable never
   */
  @Benchmark
  public int pinBare() throws Throwable {
    int sum = (int) GET_AFFINITY.invokeExact(0, MASK_BYTES, mask);
    sum += (int) SET_AFFINITY.invokeExact(0, MASK_BYTES, mask);
    sum += (int) SET_AFFINITY.invokeExact(0, MASK_BYTES, mask);
    return sum;
  }
}
