/**
 * Persistent memory in the vocabulary of libpmem2: a source (device or file), a config, a map.
 *
 * <p>Priorities, in order: never lose or invent data, never kill the JVM, say what the medium
 * really promises, be as fast as C.
 *
 * <p>Start with {@link io.lode.pmem.Source}, then {@link io.lode.pmem.MapConfig} and {@link
 * io.lode.pmem.PmemMap}.
 */
package io.lode.pmem;
