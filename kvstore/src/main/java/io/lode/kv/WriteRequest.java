package io.lode.kv;

import java.util.concurrent.CompletableFuture;

/**
 * Changes that were handed over to a thread that may write them.
 *
 * @param batch the changes
 * @param stripes the stripes of their keys
 * @param written completed when they are durable: false if a requirement did not hold
 */
record WriteRequest(WriteBatch batch, long stripes, CompletableFuture<Boolean> written) {
  WriteRequest(WriteBatch batch, long seed) {
    this(batch, batch.stripes(seed), new CompletableFuture<>());
  }

  /** Whether it depends on what was written before. */
  boolean isConditional() {
    return !batch.requirements().isEmpty();
  }
}
