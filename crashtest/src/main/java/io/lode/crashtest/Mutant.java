package io.lode.crashtest;

import io.lode.crashtest.trace.Tampering;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * A named fault to plant in the code under test. {@link CrashTest#mutants} finds the faults at call
 * sites; the faults of a whole method are chosen by an author who knows what the method is for.
 */
public final class Mutant {
  private final String name;
  private final Tampering tampering;
  private final List<CodeMutation> mutations;

  private Mutant(String name, Tampering tampering, List<CodeMutation> mutations) {
    this.name = name;
    this.tampering = tampering;
    this.mutations = mutations;
  }

  static Mutant at(Tampering tampering) {
    String kind = tampering.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    return new Mutant(kind + "@" + tampering.place(), tampering, List.of());
  }

  /**
   * Makes a method do nothing.
   *
   * @param className the class, with its package
   * @param method a method that returns void; all methods of that name are changed
   * @return the mutant
   */
  public static Mutant emptied(String className, String method) {
    return ofMethod(
        "emptied",
        className,
        method,
        new CodeMutation(className, method, found -> CodeChanges.constantResult(found, 0)));
  }

  /**
   * Makes a method return a constant.
   *
   * @param className the class, with its package
   * @param method a method that returns an int, a boolean (0 and 1) or a long
   * @param value the value to return
   * @return the mutant
   */
  public static Mutant returning(String className, String method, int value) {
    return ofMethod(
        "returns-" + value,
        className,
        method,
        new CodeMutation(className, method, found -> CodeChanges.constantResult(found, value)));
  }

  /**
   * Makes a method, for example one that computes a checksum, keep only some bits of its result.
   *
   * @param className the class, with its package
   * @param method a method that returns an int
   * @param mask the bits to keep, not 0
   * @return the mutant
   */
  public static Mutant masked(String className, String method, int mask) {
    return ofMethod(
        "masked-0x" + Integer.toHexString(mask),
        className,
        method,
        new CodeMutation(className, method, found -> CodeChanges.maskedResult(mask)));
  }

  /**
   * Makes a method see a fixed value for one of its parameters, for example to leave the position
   * out of the salt of a checksum.
   *
   * @param className the class, with its package
   * @param method a method with such a parameter
   * @param parameter its 0-based index; an int, a boolean or a long
   * @param value the value that the method sees
   * @return the mutant
   */
  public static Mutant parameter(String className, String method, int parameter, int value) {
    return ofMethod(
        "parameter-" + parameter + "-is-" + value,
        className,
        method,
        new CodeMutation(
            className, method, found -> CodeChanges.constantParameter(found, parameter, value)));
  }

  /**
   * Fixes the outcome of one comparison in a method, as if a check were left out.
   *
   * @param className the class, with its package
   * @param method a method that compares
   * @param comparison the 0-based index of a conditional jump in its class file
   * @param jumps true if the jump is always taken, false if never
   * @return the mutant
   */
  public static Mutant comparison(String className, String method, int comparison, boolean jumps) {
    return ofMethod(
        "comparison-" + comparison + (jumps ? "-always" : "-never"),
        className,
        method,
        new CodeMutation(
            className, method, found -> CodeChanges.constantBranch(comparison, jumps)));
  }

  /**
   * Makes a class take none of its locks.
   *
   * @param className the class, with its package
   * @return the mutant
   */
  public static Mutant unlocked(String className) {
    return ofMethod(
        "unlocked",
        className,
        "*",
        new CodeMutation(className, null, found -> CodeChanges.withoutLocks()));
  }

  /**
   * Leaves a field out of a checksum, which sees zeros there both when it is computed and when it
   * is verified.
   *
   * @param field the field's name in the mutant's name
   * @param checksumClass the class, with its package, of the method that computes the checksum
   * @param checksumMethod its name; its last parameters are an array, an offset and a length
   * @param from first byte of the field, relative to the offset
   * @param length bytes of the field
   * @param callers the classes, with their packages, whose calls are changed
   * @return the mutant
   */
  public static Mutant uncovered(
      String field,
      String checksumClass,
      String checksumMethod,
      int from,
      int length,
      String... callers) {
    List<CodeMutation> all = new ArrayList<>();
    for (String caller : callers) {
      all.add(
          new CodeMutation(
              caller,
              null,
              found -> CodeChanges.withoutField(checksumClass, checksumMethod, from, length)));
    }
    return new Mutant("uncovered@" + field, Tampering.NONE, List.copyOf(all));
  }

  /**
   * Plants several faults at once: a second safeguard proves necessary only when the first is gone.
   *
   * @param name its name
   * @param mutants faults of methods, and at most one fault of a call site
   * @return the mutant
   */
  public static Mutant all(String name, Mutant... mutants) {
    List<CodeMutation> all = new ArrayList<>();
    Tampering tampering = Tampering.NONE;
    for (Mutant mutant : mutants) {
      all.addAll(mutant.mutations);
      tampering = mutant.tampering.equals(Tampering.NONE) ? tampering : mutant.tampering;
    }
    return new Mutant(name, tampering, List.copyOf(all));
  }

  /**
   * Returns the same fault under a more meaningful name.
   *
   * @param newName the new name
   * @return a mutant that differs only in its name
   */
  public Mutant named(String newName) {
    return new Mutant(newName, tampering, mutations);
  }

  private static Mutant ofMethod(
      String kind, String className, String method, CodeMutation mutation) {
    String simple = className.substring(className.lastIndexOf('.') + 1);
    return new Mutant(kind + "@" + simple + "." + method, Tampering.NONE, List.of(mutation));
  }

  /**
   * Returns the name.
   *
   * @return the fault and its place
   */
  public String name() {
    return name;
  }

  Tampering tampering() {
    return tampering;
  }

  UnaryOperator<byte[]> mutation() {
    return bytes -> {
      byte[] changed = bytes;
      for (CodeMutation mutation : mutations) {
        changed = mutation.apply(changed);
      }
      return changed;
    };
  }

  /**
   * Returns the classes whose code the fault changes.
   *
   * @return their names with their packages, none of a fault at a call site
   */
  public Set<String> classNames() {
    Set<String> names = new TreeSet<>();
    mutations.forEach(mutation -> names.add(mutation.className()));
    return names;
  }

  /**
   * Tells whether the fault makes a difference to a class: one that names code which is no longer
   * there does not, and would pass for a fault that nothing notices.
   *
   * @param classFile the bytes of the class
   * @return true if every part of the fault that names this class changes it
   * @throws IllegalArgumentException if the class lacks the method or the comparison meant
   */
  public boolean changes(byte[] classFile) {
    List<CodeMutation> meant =
        mutations.stream().filter(mutation -> mutation.names(classFile)).toList();
    return !meant.isEmpty() && meant.stream().allMatch(mutation -> mutation.changes(classFile));
  }

  @Override
  public String toString() {
    return name;
  }
}
