package io.lode.journal;

/** What tests read journals with. */
public final class TestJournals {
  /** One segment after the other, on the calling thread. */
  public static final TaskRunner IN_TURN =
      (tasks, task) -> {
        for (int number = 0; number < tasks; number++) {
          task.accept(number);
        }
      };

  private TestJournals() {}
}
