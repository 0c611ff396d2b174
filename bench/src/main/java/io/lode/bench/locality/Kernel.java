package io.lode.bench.locality;

/** One kind of access by one thread, again and again. Used by one thread at a time. */
interface Kernel {
  /**
   * Makes accesses.
   *
   * @param accesses how many, at least 1
   * @return how many were made; less only when there is no room for more
   */
  long run(long accesses);

  /** Returns something that depends on all loads, so that none of them is left out. */
  default long sink() {
    return 0;
  }
}
