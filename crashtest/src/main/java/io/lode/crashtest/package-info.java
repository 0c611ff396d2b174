/**
 * A crash-state model checker for structures on persistent memory. It runs a structure on memory
 * that it watches, builds every content that the memory can have after a crash, opens the structure
 * again on each, and compares what is there with a plain model.
 *
 * <p>Start at {@link io.lode.crashtest.CrashTest}. What it shows, in this order: no acknowledged
 * operation is lost and none in flight is there by half; nothing is flushed in vain; faults planted
 * in the structure are noticed, so that the first answer means something.
 */
package io.lode.crashtest;
