package io.lode.crashtest;

import io.lode.crashtest.trace.Tampering;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * A fault to plant in the code under test, by name. Those at a call site are found by {@link
 * CrashTest#mutants}; those of a whole method are named by whoever knows what the method is for.
 */
public final class Mutant {
  private final String name;
  private final Tampering tampering;
  private final UnaryOperator<byte[]> mutation;

  private Mutant(String name, Tampering tampering, UnaryOperator<byte[]> mutation) {
    this.name = name;
    this.tampering = tampering;
    this.mutation = mutation;
  }

  static Mutant at(Tampering tampering) {
    String kind = tampering.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    return new Mutant(kind + "@" + tampering.place(), tampering, UnaryOperator.identity());
  }

  /**
   * A method that does nothing.
   *
   * @param className the class, with its package
   * @param method a method that returns nothing; all of that name are meant
   * @return the mutant
   */
  public static Mutant emptied(String className, String method) {
    return ofMethod("emptied", className, method, new MethodMutation(className, method, 0, 0));
  }

  /**
   * A method that returns a constant.
   *
   * @param className the class, with its package
   * @param method a method that returns an int, a boolean (0 and 1) or a long
   * @param value what it returns
   * @return the mutant
   */
  public static Mutant returning(String className, String method, int value) {
    return ofMethod(
        "returns-" + value, className, method, new MethodMutation(className, method, 0, value));
  }

  /**
   * A method of whose result only some bits are left, for example of a checksum.
   *
   * @param className the class, with its package
   * @param method a method that returns an int
   * @param mask the bits left, not 0
   * @return the mutant
   */
  public static Mutant masked(String className, String method, int mask) {
    return ofMethod(
        "masked-0x" + Integer.toHexString(mask),
        className,
        method,
        new MethodMutation(className, method, mask, 0));
  }

  private static Mutant ofMethod(
      String kind, String className, String method, MethodMutation mutation) {
    String simple = className.substring(className.lastIndexOf('.') + 1);
    return new Mutant(kind + "@" + simple + "." + method, Tampering.NONE, mutation);
  }

  /**
   * Returns the name.
   *
   * @return what is done wrong, and where
   */
  public String name() {
    return name;
  }

  Tampering tampering() {
    return tampering;
  }

  UnaryOperator<byte[]> mutation() {
    return mutation;
  }

  @Override
  public String toString() {
    return name;
  }
}
