/**
 * The parts behind the public types: id sets, sysfs, and kernel calls that answer with a number.
 */
package io.lode.numa.internal;
