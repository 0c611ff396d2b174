package io.lode.crashtest.trace;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Loads the packages under test again and rewrites them, so that a {@link Tracer} observes their
 * accesses to memory. All other classes come from the parent.
 */
public final class InstrumentingLoader extends ClassLoader {
  static {
    registerAsParallelCapable();
  }

  private final Tracer tracer;
  private final List<String> packages;
  private final Rewriter rewriter;
  private final UnaryOperator<byte[]> mutation;

  /**
   * Creates a loader.
   *
   * @param parent provides the class files and all other classes
   * @param packages names of the packages to rewrite, including their subpackages
   * @param tracer the tracer to which the rewritten code reports
   * @param mutation changes class files before they are rewritten
   */
  public InstrumentingLoader(
      ClassLoader parent, List<String> packages, Tracer tracer, UnaryOperator<byte[]> mutation) {
    super("crashtest", parent);
    this.packages = List.copyOf(packages);
    this.tracer = tracer;
    this.rewriter = new Rewriter(parent);
    this.mutation = mutation;
    Module own = InstrumentingLoader.class.getModule();
    if (own.isNamed()) {
      own.addExports(InstrumentingLoader.class.getPackageName(), getUnnamedModule());
    }
  }

  /**
   * Returns the tracer to which the rewritten code reports.
   *
   * @return the tracer
   */
  public Tracer tracer() {
    return tracer;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!isUnderTest(name)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null) {
        byte[] bytes = read(name);
        loaded = bytes == null ? super.loadClass(name, resolve) : define(name, bytes);
      }
      return loaded;
    }
  }

  private Class<?> define(String name, byte[] bytes) {
    byte[] rewritten = rewriter.rewrite(mutation.apply(bytes));
    return defineClass(name, rewritten, 0, rewritten.length);
  }

  private boolean isUnderTest(String name) {
    return packages.stream()
        .anyMatch(prefix -> name.startsWith(prefix) && name.charAt(prefix.length()) == '.');
  }

  private byte @Nullable [] read(String name) throws ClassNotFoundException {
    try (InputStream file = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      return file == null ? null : file.readAllBytes();
    } catch (IOException failure) {
      throw new ClassNotFoundException(name, failure);
    }
  }
}
