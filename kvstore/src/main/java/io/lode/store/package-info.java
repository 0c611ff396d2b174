/**
 * What all stores on a pool have in common: the errors that they report and the medium that they
 * lie on.
 *
 * <p>Start with {@link io.lode.store.StoreException}, which has one subtype for each thing that a
 * caller can do about a failure. {@link io.lode.store.Medium} says what <i>durable</i> means where
 * a pool lies, and {@link io.lode.store.Damage} names a range whose content is lost. All types are
 * immutable and safe for use by many threads.
 */
package io.lode.store;
