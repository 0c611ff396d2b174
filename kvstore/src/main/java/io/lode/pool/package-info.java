/**
 * Devices cut into segments: headers in two copies, owners and their epochs, allocation. Nothing
 * here knows what a segment holds, or where in the machine a device is.
 *
 * <h2>Priorities, in order</h2>
 *
 * <ol>
 *   <li>Nothing that is not a pool is ever written.
 *   <li>A pool has one owner at a time.
 *   <li>A header outlives every crash.
 *   <li>Finding the segment of an address takes no lock and no division.
 * </ol>
 *
 * <h2>Start here</h2>
 *
 * {@link io.lode.pool.DeviceFile} opens what a path names and returns a {@link
 * io.lode.pool.Device}; {@link io.lode.pool.Pool} owns it and finds the {@link
 * io.lode.pool.Segment} of an address. {@link io.lode.pool.PoolFormat} has the offsets of all
 * fields.
 *
 * <h2>Critical path</h2>
 *
 * {@link io.lode.pool.Pool#segmentAt} is called for every record that is read, {@link
 * io.lode.pool.Segment#copy} for every group that is written. {@link
 * io.lode.pool.SegmentAllocator#allocate} writes a header, once per segment, while a writer waits.
 *
 * <h2>Threads and locks</h2>
 *
 * Opening, owning, releasing and closing are one thread's; everything else may be called by any
 * number of threads. The allocator's lock is the only one here, and the last that a thread takes;
 * the package {@code io.lode.journal} has the order of all locks. Another process is kept out by
 * {@code flock(2)}, and another owner that comes through a second device node by a nonce, which is
 * compared at each allocation.
 *
 * <h2>Errors</h2>
 *
 * Everything is a {@link io.lode.store.StoreException}; {@code PoolErrors} translates what {@link
 * io.lode.pmem} throws. Unreadable memory is no exception but the answer of {@link
 * io.lode.pool.GuardedRead}.
 */
package io.lode.pool;
