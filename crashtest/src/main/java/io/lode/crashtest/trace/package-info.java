/**
 * The recorder: classes under test are rewritten as they are loaded, so that every store, load,
 * flush and fence on a {@link io.lode.crashtest.trace.TracedMap} is recorded with its place in the
 * code. This package does not know how traces are used.
 */
package io.lode.crashtest.trace;
