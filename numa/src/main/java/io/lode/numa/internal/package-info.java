/**
 * The parts behind the public types: id sets, sysfs, and kernel calls that return error numbers.
 */
package io.lode.numa.internal;
