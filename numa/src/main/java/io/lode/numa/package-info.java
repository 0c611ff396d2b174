/**
 * Where CPUs and memory are, and how to place threads and memory there.
 *
 * <h2>Priorities, in order</h2>
 *
 * <ol>
 *   <li>Never harm the JVM or another thread: masks and policies are set only for the calling
 *       thread or for threads of this package's own, and scopes restore what was there before.
 *   <li>Never hide a failure: a setting that the kernel accepts only in part is undone and
 *       reported.
 *   <li>Follow numa(3) in names and scope.
 * </ol>
 *
 * <h2>Start here</h2>
 *
 * {@link io.lode.numa.Topology} is a snapshot of nodes and CPUs; {@link io.lode.numa.Numa#probe}
 * tells what this kernel and container permit. {@link io.lode.numa.Affinity} and {@link
 * io.lode.numa.NodeThreads} place threads; {@link io.lode.numa.NumaArena}, {@link
 * io.lode.numa.NumaRegion} and {@link io.lode.numa.MemoryPolicy} place memory; {@link
 * io.lode.numa.Pages} finds and moves pages; {@link io.lode.numa.Placement} finds the CPUs near a
 * device.
 *
 * <h2>Critical path</h2>
 *
 * Nothing here is meant to be called for each operation of a program: most calls are one or more
 * system calls through JNA, and {@link io.lode.numa.Topology} reads files of sysfs. Place threads
 * and memory once; working there costs nothing more.
 *
 * <h2>Threads</h2>
 *
 * Every type is safe for use by many threads, except scopes, which the thread that opened them must
 * close. Only a {@link io.lode.numa.NumaRegion} has a lock, under which no other one is taken.
 * Masks and policies belong to operating-system threads: calls that read or set those of the caller
 * refuse a virtual thread. Threads inherit both from the thread that starts them, so start the
 * threads of an executor before pinning, or use {@link io.lode.numa.NodeThreads}.
 *
 * <h2>Errors</h2>
 *
 * The kernel's refusals, and malformed files in sysfs, are {@link io.lode.numa.NumaException}s,
 * which name the operation, its arguments and what to do, and carry the error number. Invalid
 * arguments are {@link IllegalArgumentException}s; use after close, and a call from a virtual
 * thread, are {@link IllegalStateException}s. Something that firmware or the kernel does not report
 * is an absent value.
 *
 * <p>Native calls go through JNA. Without libnuma they are made by system call number; without
 * permission for native access, {@link io.lode.numa.Topology} still works.
 */
package io.lode.numa;
