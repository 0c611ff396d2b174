package io.lode.bench.kv.store;

import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * What a store tells that uses space again within a limit.
 *
 * @param writtenBytes how many bytes it has written since it was opened, what it has moved among
 *     them
 * @param isFull whether a failure says that the limit is reached
 */
public record Reclaiming(LongSupplier writtenBytes, Predicate<Throwable> isFull) {}
