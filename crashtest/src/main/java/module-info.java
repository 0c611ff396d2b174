/** Tries every crash state of a structure on persistent memory. */
@org.jspecify.annotations.NullMarked
module io.lode.crashtest {
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;
  requires transitive io.lode.pmem;

  exports io.lode.crashtest;
}
