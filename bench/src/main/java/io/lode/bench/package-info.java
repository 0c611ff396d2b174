/** The benchmarks of Lode beside its rivals. Start with {@link io.lode.bench.Main}. */
@org.jspecify.annotations.NullMarked
package io.lode.bench;
