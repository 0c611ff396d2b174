/**
 * What is done to a store, and how it is timed, in the process that has the store open.
 *
 * <p>Start with {@link io.lode.bench.kv.load.StoreMain}.
 */
@org.jspecify.annotations.NullMarked
package io.lode.bench.kv.load;
