/** A persistent key-value store over memory-mapped devices and files. */
@org.jspecify.annotations.NullMarked
module io.lode.kvstore {
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;
  requires transitive io.lode.pmem;
  requires io.lode.numa;
  requires org.slf4j;

  exports io.lode.kv;
  exports io.lode.store;
}
