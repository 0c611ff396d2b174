package io.lode.crashtest;

import io.lode.pmem.PmemException;
import io.lode.pmem.PmemMap;
import java.util.List;

/**
 * A structure under test, as the checker sees it: how to make, open and read one, what can be done
 * to it, and the plain model that says what must come out.
 *
 * <p>An implementation given to {@link CrashTest#of} is a class with a constructor that takes
 * nothing, in one of the packages under test. It must be repeatable: no clocks, no threads of its
 * own; {@link java.security.SecureRandom} is made repeatable by the checker.
 *
 * @param <T> the open structure
 * @param <M> the model's state: immutable, compared by {@code equals}
 */
public interface Subject<T, M> {
  /**
   * Returns the size of the memory it needs. Small is fast.
   *
   * @return bytes
   */
  long poolBytes();

  /**
   * Makes the structure in memory of zeros and opens it.
   *
   * @param map where
   * @return the structure, empty
   */
  T create(PmemMap map);

  /**
   * Fills the memory with what an earlier user has left there, durable; zeros if not overridden.
   * {@link #create} then finds that.
   *
   * @param map memory of zeros
   */
  default void prepare(PmemMap map) {}

  /**
   * Opens the structure that is in the memory, after a crash or not.
   *
   * @param map where
   * @return the structure
   */
  T open(PmemMap map);

  /**
   * Closes the structure in good order.
   *
   * @param structure what {@link #open} or {@link #create} returned
   * @throws Exception if that failed
   */
  default void close(T structure) throws Exception {
    if (structure instanceof AutoCloseable closeable) {
      closeable.close();
    }
  }

  /**
   * Returns the state of a new structure.
   *
   * @return the model's first state
   */
  M initial();

  /**
   * Reads everything that the structure holds.
   *
   * @param structure the structure, open
   * @return its state, to be compared with the model's
   */
  M observe(T structure);

  /**
   * Reads something beside writers that run at the same time.
   *
   * @param structure the structure, open
   * @return what was read, compared by {@code equals} with what {@link #readOf} says
   */
  default Object read(T structure) {
    return "";
  }

  /**
   * Returns what {@link #read} has to find.
   *
   * @param state the model's state
   * @return the same kind of object
   */
  default Object readOf(M state) {
    return "";
  }

  /**
   * Returns what can be done to the structure.
   *
   * @return the operations, of which programs are made
   */
  List<Operation<T, M>> operations();

  /**
   * Tells whether an exception is an answer rather than a failure: while the structure is made,
   * "there is none"; of an operation, "there is no room", after which the state is what it was; of
   * damaged memory, "this is damaged".
   *
   * @param failure what was thrown
   * @return true if it is an answer
   */
  default boolean isRefusal(Throwable failure) {
    return false;
  }

  /**
   * Tells whether an exception says that the device failed: what the operation did is then not
   * known, and nothing was promised.
   *
   * @param failure what was thrown after a persist failed
   * @return true if it is the structure's word for that
   */
  default boolean isFailure(Throwable failure) {
    return failure instanceof PmemException;
  }

  /**
   * Tells whether bytes that are durable may be stored to again; the linter reports stores to
   * others that change them.
   *
   * @param offset first byte in the map
   * @return true if they may
   */
  default boolean isOverwritable(long offset) {
    return true;
  }

  /**
   * Returns what may still be found, beside nothing and a new structure, when the power goes while
   * a structure is made over what {@link #prepare} left.
   *
   * @return states, empty if not overridden
   */
  default List<M> replaced() {
    return List.of();
  }

  /**
   * Tells whether damage to a range must lead to nothing but the right answer, because the
   * structure has a second copy of what is there.
   *
   * @param offset first byte in the map
   * @param length bytes
   * @return true if it must
   */
  default boolean mustSurvive(long offset, long length) {
    return false;
  }

  /**
   * Tells whether the structure takes nothing more once a persist has failed, until it is opened
   * again: nobody knows what a device that failed has kept.
   *
   * @return true if it promises that
   */
  default boolean stopsAfterFailure() {
    return false;
  }

  /**
   * Opens the structure in memory that was damaged and judges what it answers.
   *
   * @param map the damaged memory
   * @param expected what it held
   * @param lost what it held before the operations whose traces the damage may have wiped out
   *     altogether: the last one, or where whole pages are gone any number of them
   * @return what came of it
   */
  default Outcome judge(PmemMap map, M expected, List<M> lost) {
    try {
      return observe(open(map)).equals(expected) ? Outcome.RIGHT : Outcome.SILENT;
    } catch (RuntimeException failure) {
      return isRefusal(failure) ? Outcome.REFUSED : Outcome.FAILED;
    }
  }
}
