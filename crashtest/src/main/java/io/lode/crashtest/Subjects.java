package io.lode.crashtest;

import io.lode.crashtest.trace.InstrumentingLoader;
import io.lode.crashtest.trace.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The origin of subjects: classes that are loaded again and rewritten, or a supplier whose objects
 * are used as they are.
 */
final class Subjects {
  private final @Nullable Class<?> subject;
  private final @Nullable Supplier<? extends Subject<?, ?>> supplier;
  private final List<String> packages = new ArrayList<>();
  private UnaryOperator<byte[]> alteration = UnaryOperator.identity();

  private Subjects(
      @Nullable Class<?> subject, @Nullable Supplier<? extends Subject<?, ?>> supplier) {
    this.subject = subject;
    this.supplier = supplier;
  }

  static Subjects rewritten(Class<?> subject) {
    if (subject.getPackage().equals(CrashTest.class.getPackage())) {
      throw new IllegalArgumentException(
          subject.getName() + ": the checker's own package cannot be under test; use another");
    }
    Subjects subjects = new Subjects(subject, null);
    subjects.packages.add(subject.getPackageName());
    return subjects;
  }

  static Subjects compared(Supplier<? extends Subject<?, ?>> supplier) {
    return new Subjects(null, supplier);
  }

  void addPackages(List<String> names) {
    if (subject == null) {
      throw new IllegalStateException(
          "diff mode rewrites no packages; give the subject's class to rewrite some");
    }
    packages.addAll(names);
  }

  void alter(UnaryOperator<byte[]> change) {
    UnaryOperator<byte[]> before = alteration;
    alteration = bytes -> change.apply(before.apply(bytes));
  }

  /**
   * Loaded subjects, ready to be created.
   *
   * @param tracer the tracer to which their code reports
   * @param comparing whether stores are found by comparison, because the code does not report
   * @param supplier creates a subject
   */
  record Loaded(Tracer tracer, boolean comparing, Supplier<Subject<?, ?>> supplier) {}

  /** Loads the code under test, with assertions if this class has them. */
  Loaded load() {
    return load(UnaryOperator.identity(), Subjects.class.desiredAssertionStatus());
  }

  private Loaded load(UnaryOperator<byte[]> mutation, boolean assertions) {
    Tracer tracer = new Tracer();
    if (supplier != null) {
      return new Loaded(tracer, true, supplier::get);
    }
    Class<?> original = Objects.requireNonNull(subject);
    ClassLoader parent =
        Objects.requireNonNullElse(original.getClassLoader(), ClassLoader.getSystemClassLoader());
    UnaryOperator<byte[]> both = bytes -> mutation.apply(alteration.apply(bytes));
    var loader = new InstrumentingLoader(parent, packages, tracer, both);
    loader.setDefaultAssertionStatus(assertions);
    return new Loaded(tracer, false, () -> make(loader, original.getName()));
  }

  /**
   * Loads the code under test with a planted fault. Its assertions are off: the test must notice
   * the fault by what it does to the memory, whatever else the code knows of itself.
   */
  Loaded loadFaulty(UnaryOperator<byte[]> mutation) {
    return load(mutation, false);
  }

  private static Subject<?, ?> make(ClassLoader loader, String name) {
    try {
      var constructor = loader.loadClass(name).getDeclaredConstructor();
      constructor.setAccessible(true);
      return (Subject<?, ?>) constructor.newInstance();
    } catch (ReflectiveOperationException failure) {
      throw new IllegalArgumentException(
          name + " cannot be created; a subject is a class with a no-argument constructor",
          failure);
    }
  }
}
