/**
 * The parts behind the public types of {@link io.lode.pmem}.
 *
 * <p>Start with {@code OpenSource}, a checked descriptor; {@link io.lode.pmem.internal.Mapping},
 * which makes a map with the checks of libpmem2 in their order; and {@code NativeMap}, the map
 * itself, whose {@code FlushStrategy} is one of flush instructions, {@code msync} and nothing.
 * {@link io.lode.pmem.internal.GranularityRules} decide which. {@link
 * io.lode.pmem.internal.MediumIo} reads and writes damaged media; {@link
 * io.lode.pmem.internal.LocationFinder} and {@code RegionFinder} find where a device is. {@link
 * io.lode.pmem.internal.Platform} is the machine, for which tests substitute their own.
 */
package io.lode.pmem.internal;
