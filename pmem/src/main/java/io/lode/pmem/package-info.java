/**
 * Persistent memory in the vocabulary of libpmem2: a source (a device or file), a config, a map.
 *
 * <h2>Priorities, in order</h2>
 *
 * <ol>
 *   <li>Never lose or invent data: the required granularity is mandatory, a coarser medium is
 *       refused, and a flush that fails is an exception.
 *   <li>Never kill the JVM: pages have memory before native code stores to them, known bad blocks
 *       are avoided, and a closed map is not touched. {@link io.lode.pmem.PmemMap} lists what
 *       cannot be prevented.
 *   <li>State what the medium really guarantees: {@link io.lode.pmem.Source#granularity} says what
 *       a persisted range survives, and a forced granularity is marked as emulated.
 *   <li>Be as fast as C: copies, fills and flushes are machine code, and allocate nothing.
 * </ol>
 *
 * <h2>Start here</h2>
 *
 * Open a {@link io.lode.pmem.Source}, describe the map with a {@link io.lode.pmem.MapConfig}, and
 * store through the {@link io.lode.pmem.PmemMap}: write to its {@linkplain
 * io.lode.pmem.PmemMap#segment segment} and {@linkplain io.lode.pmem.PmemMap#persist persist}, or
 * {@linkplain io.lode.pmem.PmemMap#copy copy}, which does both. {@link io.lode.pmem.VmReservation}
 * places maps at chosen addresses; {@link io.lode.pmem.Source#location} finds the NUMA node of a
 * device.
 *
 * <h2>Critical path</h2>
 *
 * Flush, drain, persist, copy and fill of a map check the range, that the map is open and that no
 * page of the range is known to be bad, and then make one native call, or several for a long range.
 * They take no lock and allocate nothing where the CPU flushes; where the kernel syncs, they are
 * system calls. Everything else, from sources to maps, is for setting up.
 *
 * <h2>Threads and lifetimes</h2>
 *
 * Every type is safe for use by many threads. Only a reservation has a lock, under which no other
 * one is taken. A drain, and so the end of a persist, covers only the flushes of its own thread.
 * Sources, maps and reservations are closed by their owner; a map outlives its source, and a
 * reservation can be closed only after its maps. Closing persists nothing.
 *
 * <h2>Errors</h2>
 *
 * A failed operation is a {@link io.lode.pmem.PmemException} with libpmem2's code ({@link
 * io.lode.pmem.PmemError}) or a negative Linux error number; its message names the operation, the
 * path, the range and what to do. Invalid arguments are {@link IllegalArgumentException} or {@link
 * IndexOutOfBoundsException}, use after close is {@link IllegalStateException}. Faults of the
 * memory itself, under <i>Faults</i> in {@link io.lode.pmem.PmemMap}, are the only case in which an
 * error can arrive late, or end the process.
 *
 * <p>System calls go through JNA. The routines that flush and copy are called through the foreign
 * function interface, which needs {@code --enable-native-access}; where they cannot run, the kernel
 * syncs instead.
 */
package io.lode.pmem;
