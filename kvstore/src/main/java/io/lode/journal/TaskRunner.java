package io.lode.journal;

import java.util.function.IntConsumer;

/** Runs parts of a task, perhaps several at a time: how a journal is read by many threads. */
@FunctionalInterface
public interface TaskRunner {
  /**
   * Runs numbered tasks, each once, and waits for all.
   *
   * @param tasks how many, numbered from 0
   * @param task is given each number
   */
  void run(int tasks, IntConsumer task);
}
