package io.lode.crashtest;

import io.lode.crashtest.trace.Event;
import java.util.List;

/**
 * What happened in one run, and what was promised meanwhile.
 *
 * @param start the memory when it began
 * @param events what was done to it
 * @param steps the operations, by the index that the events name
 * @param firstExplored crashes before this step were tried elsewhere
 * @param <M> the model's state
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Recording<M>(byte[] start, List<Event> events, List<Step<M>> steps, int firstExplored) {

  /**
   * One operation.
   *
   * @param name how it is printed
   * @param running states of which one must be found when the power goes before it returns
   * @param returned states of which one must be found from then on
   * @param mayBeAbsent whether there may be nothing yet before it returns
   * @param recovers whether it opens what is there, not knowing how durable it is
   */
  record Step<M>(
      String name, List<M> running, List<M> returned, boolean mayBeAbsent, boolean recovers) {}

  List<String> names() {
    return steps.stream().map(Step::name).toList();
  }
}
