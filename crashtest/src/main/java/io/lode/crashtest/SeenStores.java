package io.lode.crashtest;

import io.lode.crashtest.trace.Event;
import io.lode.crashtest.trace.TracedMap;
import java.util.List;

/**
 * Compares memory with the stores that were seen. What differs was stored by code that is not
 * observed, and no crash of it would be tried.
 */
final class SeenStores {
  private final TracedMap map;
  private final List<Event> events;
  private final byte[] contents;
  private int next;

  SeenStores(TracedMap map, List<Event> events, byte[] start) {
    this.map = map;
    this.events = events;
    this.contents = start.clone();
  }

  /** Returns the offset of the first byte that no store seen so far explains, or -1. */
  long firstUnseen() {
    for (; next < events.size(); next++) {
      if (events.get(next) instanceof Event.Store store) {
        System.arraycopy(
            store.bytes(), 0, contents, Math.toIntExact(store.offset()), store.bytes().length);
      }
    }
    return map.mismatch(contents);
  }
}
