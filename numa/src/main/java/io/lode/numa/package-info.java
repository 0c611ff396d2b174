/**
 * Where CPUs and memory are, and how to place threads and memory there.
 *
 * <p>Priorities, in order: never harm the JVM or another thread, never hide a failure, then follow
 * numa(3) in name and scope.
 */
package io.lode.numa;
