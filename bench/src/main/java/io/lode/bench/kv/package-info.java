/**
 * Key-value stores beside each other: each in a process of its own, in turn, and the report.
 *
 * <p>Start with {@link io.lode.bench.kv.KvCommand}, then {@link io.lode.bench.kv.KvRun}.
 */
@org.jspecify.annotations.NullMarked
package io.lode.bench.kv;
