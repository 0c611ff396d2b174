/**
 * The recorder: classes under test are rewritten as they are loaded, so that every store, load,
 * flush and fence on a {@link io.lode.crashtest.trace.TracedMap} is seen with its place in the
 * code. Knows nothing of what is done with a trace.
 */
package io.lode.crashtest.trace;
