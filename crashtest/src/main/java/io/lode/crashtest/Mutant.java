package io.lode.crashtest;

import io.lode.crashtest.trace.Tampering;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * A fault to plant in the code under test, by name. Those at a call site are found by {@link
 * CrashTest#mutants}; those of a whole method are named by whoever knows what the method is for.
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
   * A method that does nothing.
   *
   * @param className the class, with its package
   * @param method a method that returns nothing; all of that name are meant
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
   * A method that returns a constant.
   *
   * @param className the class, with its package
   * @param method a method that returns an int, a boolean (0 and 1) or a long
   * @param value what it returns
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
        new CodeMutation(className, method, found -> CodeChanges.maskedResult(mask)));
  }

  /**
   * A method one of whose parameters has one value, whatever is passed: for example the salt of a
   * checksum without the position.
   *
   * @param className the class, with its package
   * @param method a method with such a parameter
   * @param parameter which, from 0; an int, a boolean or a long
   * @param value what the method sees
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
   * A method in which one comparison always has the same outcome: a check left out.
   *
   * @param className the class, with its package
   * @param method a method that compares
   * @param comparison which conditional jump of its class file, from 0
   * @param jumps whether the jump is always made, or never
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
   * A class that takes none of its locks.
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
   * A field that a checksum does not cover: it sees zeros there, when it is made and when it is
   * checked.
   *
   * @param field how the mutant calls it
   * @param checksumClass the class, with its package, of the method that computes the checksum
   * @param checksumMethod takes an array, an offset and a length, all of them last
   * @param from first byte of the field, from the offset on
   * @param length bytes of the field
   * @param callers the classes, with their packages, whose calls of the method do not see it
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
   * Several faults at once: a second witness is only seen to be needed when the first is gone.
   *
   * @param name how it is called
   * @param mutants faults of methods; at most one of a call site
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
   * The same fault under a name that says what it means.
   *
   * @param newName how it is called from now on
   * @return a mutant that differs by its name only
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
   * @return what is done wrong, and where
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
