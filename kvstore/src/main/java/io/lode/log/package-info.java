/**
 * Groups of records in segments: written once, made durable by one fence, each record with its own
 * checksum. The tail is found by checksum; nothing points to it.
 */
package io.lode.log;
