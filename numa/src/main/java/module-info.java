/** libnuma and the memory-policy calls of Linux for Java. */
@org.jspecify.annotations.NullMarked
module io.lode.numa {
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;
  requires com.sun.jna;

  exports io.lode.numa;
}
