package io.lode.crashtest;

import io.lode.crashtest.trace.InstrumentingLoader;
import io.lode.crashtest.trace.Tracer;
import java.lang.reflect.InvocationTargetException;
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
    if (InstrumentingLoader.isOwn(subject.getPackageName())) {
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
    Packages.requirePackages(parent(), names);
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
   * @param loader loads their code, null if stores are found by comparison, because the code does
   *     not report
   * @param packages the packages under test
   * @param supplier creates a subject
   */
  record Loaded(
      Tracer tracer,
      @Nullable InstrumentingLoader loader,
      List<String> packages,
      Supplier<Subject<?, ?>> supplier) {

    boolean comparing() {
      return loader == null;
    }

    /**
     * Finds what is wrong with the subject before anything is tried.
     *
     * @return what is wrong with the structure, or null
     * @throws IllegalArgumentException if the subject does not describe a structure, or if a
     *     package is missing or does not exist
     */
    @Nullable Violation rehearse(Settings settings, Totals totals) {
      try {
        Violation wrong = Rehearsal.of(this, settings, totals);
        requirePackages();
        return wrong;
      } catch (IllegalAccessError failure) {
        requirePackages();
        // What is loaded again is in no module, and sees only what modules export.
        throw new IllegalArgumentException(
            failure.getMessage() + ": add its package with packages(...)", failure);
      }
    }

    private void requirePackages() {
      if (loader != null) {
        Packages.requireExisting(loader.getParent(), loader.unusedPackages());
      }
    }
  }

  /** Loads the code under test, with assertions if this class has them. */
  Loaded load() {
    return load(UnaryOperator.identity(), Subjects.class.desiredAssertionStatus());
  }

  private Loaded load(UnaryOperator<byte[]> mutation, boolean assertions) {
    Tracer tracer = new Tracer();
    if (supplier != null) {
      return new Loaded(tracer, null, List.of(), supplier::get);
    }
    Class<?> original = Objects.requireNonNull(subject);
    UnaryOperator<byte[]> both = bytes -> mutation.apply(alteration.apply(bytes));
    var loader = new InstrumentingLoader(parent(), packages, tracer, both);
    loader.setDefaultAssertionStatus(assertions);
    return new Loaded(
        tracer, loader, List.copyOf(packages), () -> (Subject<?, ?>) make(loader, original));
  }

  /**
   * Loads the code under test with a planted fault. Its assertions are off: the test must notice
   * the fault by what it does to the memory, whatever else the code knows of itself.
   */
  Loaded loadFaulty(UnaryOperator<byte[]> mutation) {
    return load(mutation, false);
  }

  private ClassLoader parent() {
    return Objects.requireNonNullElse(
        Objects.requireNonNull(subject).getClassLoader(), ClassLoader.getSystemClassLoader());
  }

  /**
   * Creates an object of a class that is loaded again.
   *
   * @throws IllegalArgumentException if it has no constructor without arguments, or that threw
   */
  static Object make(ClassLoader loader, Class<?> original) {
    String name = original.getName();
    try {
      var constructor = loader.loadClass(name).getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (InvocationTargetException failure) {
      throw new IllegalArgumentException(
          name + " cannot be created: its constructor threw " + failure.getCause(),
          failure.getCause());
    } catch (ReflectiveOperationException failure) {
      throw new IllegalArgumentException(
          name
              + " cannot be created; a subject is a class, static if it is nested, that is not"
              + " abstract and has a constructor without arguments",
          failure);
    } catch (LinkageError failure) {
      throw new IllegalArgumentException(
          name + " cannot be created again in a class loader of its own: " + failure, failure);
    }
  }
}
