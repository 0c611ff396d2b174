package io.lode.crashtest.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Runs one of several threads at a time and decides at each access to memory, and at each lock,
 * which of them continues. Locks of {@code java.util.concurrent.locks} are supported; a thread that
 * waits for another in any other way hangs.
 */
public final class Schedule {
  /** A schedule that takes longer than this is considered deadlocked. */
  private static final int MOST_POINTS = 200_000;

  private final Choice choice;
  // Unguarded: one thread runs at a time, and hands over by a semaphore.

  private final List<Semaphore> turns = new ArrayList<>();
  private final List<Integer> alive = new ArrayList<>();
  private final Semaphore done = new Semaphore(0);
  private @Nullable Throwable failure;
  private int points;

  /** Chooses the next thread. */
  @FunctionalInterface
  public interface Choice {
    /**
     * Chooses the thread that continues.
     *
     * @param point the number of earlier points of all threads
     * @param current the running thread, -1 before the first point
     * @param others the other threads that can run
     * @return the current one or one of the others
     */
    int next(int point, int current, List<Integer> others);
  }

  /**
   * Creates a schedule, which can run once.
   *
   * @param choice chooses the thread at each point
   */
  public Schedule(Choice choice) {
    this.choice = choice;
  }

  /**
   * Runs each body on its own thread until all have ended.
   *
   * @param tracer the tracer to which their code reports
   * @param bodies the code
   */
  public void run(Tracer tracer, List<Runnable> bodies) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < bodies.size(); i++) {
      int index = i;
      turns.add(new Semaphore(0));
      alive.add(i);
      threads.add(
          Thread.ofPlatform().daemon().unstarted(() -> runOne(tracer, index, bodies.get(index))));
    }
    threads.forEach(Thread::start);
    turns.get(choice.next(0, -1, List.copyOf(alive))).release();
    done.acquireUninterruptibly();
    if (failure != null) {
      throw new IllegalStateException("a scheduled thread failed: " + failure, failure);
    }
  }

  private void runOne(Tracer tracer, int index, Runnable body) {
    turns.get(index).acquireUninterruptibly();
    tracer.join(new Member(this, index));
    try {
      body.run();
    } catch (RuntimeException | Error thrown) {
      failure = failure == null ? thrown : failure;
    } finally {
      tracer.join(null);
      alive.removeIf(other -> other == index);
      if (alive.isEmpty()) {
        done.release();
      } else {
        turns.get(choice.next(points, -1, List.copyOf(alive))).release();
      }
    }
  }

  /**
   * Returns the number of points.
   *
   * @return the count
   */
  public int points() {
    return points;
  }

  private void point(int current, boolean mustYield) {
    if (++points > MOST_POINTS) {
      throw new IllegalStateException("the threads are deadlocked");
    }
    List<Integer> others = alive.stream().filter(other -> other != current).toList();
    if (others.isEmpty()) {
      return;
    }
    int next = mustYield ? after(current, others) : choice.next(points, current, others);
    if (next != current) {
      turns.get(next).release();
      turns.get(current).acquireUninterruptibly();
    }
  }

  /** Round-robin: of two threads that wait for a third, neither may be chosen forever. */
  private static int after(int current, List<Integer> others) {
    return others.stream().filter(other -> other > current).findFirst().orElse(others.getFirst());
  }

  /** A thread of a schedule. */
  record Member(Schedule schedule, int index) {
    /** Offers to switch to another thread. */
    void point() {
      schedule.point(index, false);
    }

    /** Switches to another thread, because this one cannot run. */
    void blocked() {
      schedule.point(index, true);
    }
  }
}
