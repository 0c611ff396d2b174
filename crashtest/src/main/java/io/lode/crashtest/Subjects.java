package io.lode.crashtest;

import io.lode.crashtest.trace.InstrumentingLoader;
import io.lode.crashtest.trace.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Where subjects come from: classes loaded anew and rewritten, or a supplier's as they are. */
final class Source {
  private final @Nullable Class<?> subject;
  private final @Nullable Supplier<? extends Subject<?, ?>> supplier;
  private final List<String> packages = new ArrayList<>();
  private UnaryOperator<byte[]> alteration = UnaryOperator.identity();

  private Source(@Nullable Class<?> subject, @Nullable Supplier<? extends Subject<?, ?>> supplier) {
    this.subject = subject;
    this.supplier = supplier;
  }

  static Source rewritten(Class<?> subject) {
    if (subject.getPackage().equals(CrashTest.class.getPackage())) {
      throw new IllegalArgumentException(
          subject.getName() + ": the checker's own package cannot be under test; use another");
    }
    Source source = new Source(subject, null);
    source.packages.add(subject.getPackageName());
    return source;
  }

  static Source compared(Supplier<? extends Subject<?, ?>> supplier) {
    return new Source(null, supplier);
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
   * Subjects that are loaded and can be made.
   *
   * @param tracer what their code reports to
   * @param comparing whether it does not report
   * @param subjects makes one
   */
  record Opened(Tracer tracer, boolean comparing, Supplier<Subject<?, ?>> subjects) {}

  /** Loads the code under test; a mutation changes its class files. */
  Opened open(UnaryOperator<byte[]> mutation) {
    Tracer tracer = new Tracer();
    if (supplier != null) {
      return new Opened(tracer, true, supplier::get);
    }
    Class<?> original = Objects.requireNonNull(subject);
    ClassLoader parent =
        Objects.requireNonNullElse(original.getClassLoader(), ClassLoader.getSystemClassLoader());
    UnaryOperator<byte[]> both = bytes -> mutation.apply(alteration.apply(bytes));
    var loader = new InstrumentingLoader(parent, packages, tracer, both);
    return new Opened(tracer, false, () -> make(loader, original.getName()));
  }

  private static Subject<?, ?> make(ClassLoader loader, String name) {
    try {
      var constructor = loader.loadClass(name).getDeclaredConstructor();
      constructor.setAccessible(true);
      return (Subject<?, ?>) constructor.newInstance();
    } catch (ReflectiveOperationException failure) {
      throw new IllegalArgumentException(
          name + " cannot be made; a subject is a class with a constructor that takes nothing",
          failure);
    }
  }
}
