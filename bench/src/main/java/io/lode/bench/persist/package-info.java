/** The persist routines beside the same ones called from C, libpmem and the JDK's own. */
@org.jspecify.annotations.NullMarked
package io.lode.bench.persist;
