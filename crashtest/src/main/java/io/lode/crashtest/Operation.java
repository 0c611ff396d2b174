package io.lode.crashtest;

import java.util.function.UnaryOperator;

/**
 * An operation on a structure, with its effect on the model. Once it returns, its effect must
 * survive; until then, it is present completely or not at all.
 *
 * @param name the name to print
 * @param action acts on the structure
 * @param effect returns the model's new state and leaves the old one unchanged
 * @param reopens whether it closes and reopens the structure instead of running the action
 * @param <T> the open structure
 * @param <M> the model's state
 */
public record Operation<T, M>(
    String name, Action<T> action, UnaryOperator<M> effect, boolean reopens) {

  /**
   * The action of an operation.
   *
   * @param <T> the open structure
   */
  @FunctionalInterface
  public interface Action<T> {
    /**
     * Acts on a structure.
     *
     * @param structure the structure, open
     * @throws Exception if it failed, which is a violation unless the subject declares it a refusal
     */
    void run(T structure) throws Exception;
  }

  /**
   * Returns an operation.
   *
   * @param name the name to print
   * @param action acts on the structure
   * @param effect returns the model's new state
   * @param <T> the open structure
   * @param <M> the model's state
   * @return the operation
   */
  public static <T, M> Operation<T, M> of(String name, Action<T> action, UnaryOperator<M> effect) {
    return new Operation<>(name, action, effect, false);
  }

  /**
   * Returns the operation that closes a structure and opens it again.
   *
   * @param <T> the open structure
   * @param <M> the model's state
   * @return the operation
   */
  public static <T, M> Operation<T, M> reopen() {
    return new Operation<>("reopen", structure -> {}, UnaryOperator.identity(), true);
  }
}
