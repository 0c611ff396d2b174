package io.lode.crashtest;

import io.lode.pmem.PmemException;
import io.lode.pmem.PmemMap;
import java.util.List;

/**
 * A structure under test: how to create, open and read it, its operations, and a plain model that
 * predicts their results.
 *
 * <p>An implementation given to {@link CrashTest#of} is a class with a no-argument constructor in
 * one of the packages under test. It must be deterministic: no clocks and no threads of its own;
 * the checker makes {@link java.security.SecureRandom} deterministic.
 *
 * @param <T> the open structure
 * @param <M> the model's state: immutable, compared by {@code equals}
 */
public interface Subject<T, M> {
  /**
   * Returns the size of the memory that it needs. Smaller is faster.
   *
   * @return bytes
   */
  long poolBytes();

  /**
   * Creates the structure in zeroed memory and opens it.
   *
   * @param map the memory
   * @return the structure, empty
   */
  T create(PmemMap map);

  /**
   * Fills the memory with the durable remains of an earlier user, which {@link #create} then finds;
   * the default is zeros.
   *
   * @param map zeroed memory
   */
  default void prepare(PmemMap map) {}

  /**
   * Opens the structure in the memory, whether or not there was a crash.
   *
   * @param map the memory
   * @return the structure
   */
  T open(PmemMap map);

  /**
   * Closes the structure in an orderly way.
   *
   * @param structure the result of {@link #open} or {@link #create}
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
   * Reads something while writers run concurrently.
   *
   * @param structure the structure, open
   * @return what was read, to be compared by {@code equals} with {@link #readOf}
   */
  default Object read(T structure) {
    return "";
  }

  /**
   * Returns the expected result of {@link #read}.
   *
   * @param state the model's state
   * @return the same kind of object
   */
  default Object readOf(M state) {
    return "";
  }

  /**
   * Returns the operations on the structure.
   *
   * @return the operations from which programs are built
   */
  List<Operation<T, M>> operations();

  /**
   * Tells whether an exception is a proper answer rather than a failure: "there is no structure"
   * while it is being created; "there is no space" from an operation, which leaves the state
   * unchanged; "this is damaged" from damaged memory.
   *
   * @param failure the exception
   * @return true if it is an answer
   */
  default boolean isRefusal(Throwable failure) {
    return false;
  }

  /**
   * Tells whether an exception reports that the device failed: the effect of the operation is then
   * unknown, and nothing was promised.
   *
   * @param failure the exception thrown after a persist failed
   * @return true if it is the structure's exception for that
   */
  default boolean isFailure(Throwable failure) {
    return failure instanceof PmemException;
  }

  /**
   * Tells whether durable bytes may be overwritten; the linter reports stores that change any
   * others.
   *
   * @param offset first byte in the map
   * @return true if they may
   */
  default boolean isOverwritable(long offset) {
    return true;
  }

  /**
   * Returns the states that may be found, besides nothing and a new structure, after power is lost
   * while a structure is created over the content from {@link #prepare}.
   *
   * @return the states, empty by default
   */
  default List<M> replaced() {
    return List.of();
  }

  /**
   * Tells whether the answer must be right even if a range is damaged, because the structure has a
   * second copy of its content.
   *
   * @param offset first byte in the map
   * @param length bytes
   * @return true if it must
   */
  default boolean mustSurvive(long offset, long length) {
    return false;
  }

  /**
   * Tells whether the structure accepts no more operations after a failed persist until it is
   * reopened, because what a failed device has kept is unknown.
   *
   * @return true if it guarantees that
   */
  default boolean stopsAfterFailure() {
    return false;
  }

  /**
   * Opens the structure in damaged memory and judges its answer.
   *
   * @param map the damaged memory
   * @param expected the state that it held
   * @param lost the states that it held before the operations whose traces the damage may have
   *     erased completely: the last operation, or any number of operations if whole pages are gone
   * @return the outcome
   */
  default Outcome judge(PmemMap map, M expected, List<M> lost) {
    try {
      return observe(open(map)).equals(expected) ? Outcome.RIGHT : Outcome.SILENT;
    } catch (RuntimeException failure) {
      return isRefusal(failure) ? Outcome.REFUSED : Outcome.FAILED;
    }
  }
}
