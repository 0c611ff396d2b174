package io.lode.crashtest;

import java.util.function.UnaryOperator;

/**
 * Something that is done to a structure, and what it does to the model. When it returns its effect
 * is promised to survive; until then it is there whole or not at all.
 *
 * @param name how it is printed
 * @param action does it to the structure
 * @param effect does it to the model: returns the new state and leaves the old one as it is
 * @param reopens whether it closes the structure and opens it again instead; the action is not run
 *     then
 * @param <T> the open structure
 * @param <M> the model's state
 */
public record Operation<T, M>(
    String name, Action<T> action, UnaryOperator<M> effect, boolean reopens) {

  /**
   * What an operation does.
   *
   * @param <T> the open structure
   */
  @FunctionalInterface
  public interface Action<T> {
    /**
     * Does it.
     *
     * @param structure the structure, open
     * @throws Exception if it failed; that is a violation unless the subject calls it a refusal
     */
    void run(T structure) throws Exception;
  }

  /**
   * Makes an operation.
   *
   * @param name how it is printed
   * @param action does it to the structure
   * @param effect does it to the model
   * @param <T> the open structure
   * @param <M> the model's state
   * @return the operation
   */
  public static <T, M> Operation<T, M> of(String name, Action<T> action, UnaryOperator<M> effect) {
    return new Operation<>(name, action, effect, false);
  }

  /**
   * Makes the operation that closes a structure and opens it again.
   *
   * @param <T> the open structure
   * @param <M> the model's state
   * @return the operation
   */
  public static <T, M> Operation<T, M> reopen() {
    return new Operation<>("reopen", structure -> {}, UnaryOperator.identity(), true);
  }
}
