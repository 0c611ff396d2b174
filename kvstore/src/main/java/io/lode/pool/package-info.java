/**
 * Devices cut into segments: headers in two copies, owner epochs, allocation. Nothing here knows
 * what a segment holds, nor where in the machine a device is. Its priorities, in order: nothing
 * that is not a pool is ever written, one owner at a time, a header outlives every crash.
 *
 * <p>Start with {@link io.lode.pool.Pool}, which finds the {@link io.lode.pool.Segment} of an
 * address; {@link io.lode.pool.DeviceFile} opens what a path names.
 *
 * <p><b>Order of locks.</b> The allocator's is the last that a thread takes.
 */
package io.lode.pool;
