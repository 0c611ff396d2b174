/**
 * Persistent memory: sources, configs, maps and persist primitives, in the vocabulary of libpmem2.
 */
@org.jspecify.annotations.NullMarked
module io.lode.pmem {
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;
  requires com.sun.jna;

  exports io.lode.pmem;
}
