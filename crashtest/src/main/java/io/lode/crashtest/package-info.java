/**
 * A crash-state model checker for structures on persistent memory. It runs a structure on memory
 * that it observes, builds every content that the memory can have after a crash, reopens the
 * structure on each, and compares the result with a plain model.
 *
 * <h2>Priorities, in order</h2>
 *
 * <ol>
 *   <li>Show that no acknowledged operation is lost, and that none in flight takes effect only in
 *       part.
 *   <li>Show that nothing is flushed needlessly.
 *   <li>Show that faults planted in the structure are detected, so that the first answer means
 *       something.
 *   <li>Say what was not tried: a {@link io.lode.crashtest.Report} is exhaustive only if every
 *       state was tried at every crash point of the programs that it names, and nothing was
 *       invisible. It names the places in the code that no program reached.
 * </ol>
 *
 * <h2>Start here</h2>
 *
 * Describe the structure with a {@link io.lode.crashtest.Subject}: how to create, open and close
 * it, its {@link io.lode.crashtest.Operation}s and their effect on the model. Pass its class to
 * {@link io.lode.crashtest.CrashTest#of}, and assert that the report has no violations. Each {@link
 * io.lode.crashtest.Violation} has a line that reproduces it. {@link
 * io.lode.crashtest.FileCrashTest} does the same for the creation of a structure's file. Beyond
 * crashes, a test can damage the memory, make persists fail, run operations concurrently, and plant
 * {@link io.lode.crashtest.Mutant}s.
 *
 * <h2>Threads</h2>
 *
 * A test is configured and run by one thread, and uses several workers. Each has its own subject,
 * created by the class loader that rewrites the code under test. A subject must be deterministic.
 *
 * <h2>Errors</h2>
 *
 * A broken promise is never an exception but a violation in the report. An exception from a run
 * means that the subject does not describe a structure, that a package under test does not exist,
 * or that a worker failed. Whether an exception of the structure is a proper answer is the
 * subject's decision ({@link io.lode.crashtest.Subject#isRefusal}).
 */
package io.lode.crashtest;
