package io.lode.crashtest.trace;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The events of one run, in order. Safe for concurrent use while it is written. */
public final class Trace {
  private final List<Event> events = new ArrayList<>();

  /**
   * Adds an event.
   *
   * @param event what was done
   */
  public synchronized void add(Event event) {
    events.add(event);
  }

  /**
   * Returns the events; to be read when the run is over.
   *
   * @return all of them, in order
   */
  public synchronized List<Event> events() {
    return Collections.unmodifiableList(events);
  }
}
