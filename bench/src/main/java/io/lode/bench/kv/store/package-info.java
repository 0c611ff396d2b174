/**
 * The stores that are measured, each behind the same few calls and with the settings of its own
 * that make it as durable, and then as fast, as it can be.
 *
 * <p>Start with {@link io.lode.bench.kv.store.Rival}.
 */
@org.jspecify.annotations.NullMarked
package io.lode.bench.kv.store;
