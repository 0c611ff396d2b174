/**
 * Devices cut into segments: headers in two copies, owner epochs, allocation. Nothing here knows
 * what a segment holds.
 */
package io.lode.pool;
