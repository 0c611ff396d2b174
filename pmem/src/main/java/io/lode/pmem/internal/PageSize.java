package io.lode.pmem.internal;

/** The size of a page of memory. */
public final class PageSize {
  private PageSize() {}

  /** Returns the page size in bytes, a power of two. */
  public static long bytes() {
    return SystemCalls.libc("page size").getpagesize();
  }
}
