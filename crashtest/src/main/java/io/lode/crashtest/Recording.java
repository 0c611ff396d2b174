package io.lode.crashtest;

import io.lode.crashtest.trace.Event;
import io.lode.crashtest.trace.Site;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events of one run, and the promises made during it.
 *
 * @param start the memory at its start
 * @param events the events on the memory
 * @param steps the operations, by the index in the events
 * @param firstExplored the first step to crash; crashes before it are tried elsewhere
 * @param unnoticed where a view of the memory was taken that is not observed, null if nowhere
 * @param <M> the model's state
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Recording<M>(
    byte[] start,
    List<Event> events,
    List<Step<M>> steps,
    int firstExplored,
    @Nullable Site unnoticed) {

  /**
   * One operation.
   *
   * @param name the name to print
   * @param running the acceptable states if power is lost before it returns
   * @param returned the acceptable states from its return on
   * @param mayBeAbsent whether the structure may not exist before it returns
   * @param recovers whether it opens existing content, whose durability it cannot know
   * @param refused whether the structure refused it
   */
  record Step<M>(
      String name,
      List<M> running,
      List<M> returned,
      boolean mayBeAbsent,
      boolean recovers,
      boolean refused) {}

  List<String> names() {
    return steps.stream().map(Step::name).toList();
  }
}
