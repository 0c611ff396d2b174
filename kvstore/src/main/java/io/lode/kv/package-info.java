/**
 * A persistent key-value store: what was acknowledged is there after a crash, what was not is there
 * whole or not at all, and damage is reported, never served.
 *
 * <p>Start with {@link io.lode.kv.KvStore}.
 */
package io.lode.kv;
