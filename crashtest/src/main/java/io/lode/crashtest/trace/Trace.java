package io.lode.crashtest.trace;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The events of one run, in order. Safe for concurrent writers. */
public final class Trace {
  @GuardedBy("this")
  private final List<Event> events = new ArrayList<>();

  /**
   * Adds an event.
   *
   * @param event the event
   */
  public synchronized void add(Event event) {
    events.add(event);
  }

  /**
   * Returns the events, once the run is over.
   *
   * @return all of them, in order
   */
  public synchronized List<Event> events() {
    return Collections.unmodifiableList(events);
  }
}
