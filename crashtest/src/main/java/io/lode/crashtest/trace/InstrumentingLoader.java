package io.lode.crashtest.trace;

import io.lode.pmem.PmemMap;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
  private final Set<String> used = ConcurrentHashMap.newKeySet();

  /**
   * Creates a loader.
   *
   * @param parent provides the class files and all other classes
   * @param packages names of the packages to rewrite, including their subpackages; the empty name
   *     stands for the unnamed package, which has none
   * @param tracer the tracer to which the rewritten code reports
   * @param mutation changes class files before they are rewritten
   */
  public InstrumentingLoader(
      ClassLoader parent, List<String> packages, Tracer tracer, UnaryOperator<byte[]> mutation) {
    super("crashtest", parent);
    this.packages = List.copyOf(packages);
    this.tracer = tracer;
    this.rewriter = new Rewriter(parent, tracer);
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
    if (isOwn(packageOf(name))) {
      return false;
    }
    boolean found = false;
    for (String candidate : packages) {
      boolean contains =
          candidate.isEmpty() ? name.indexOf('.') < 0 : name.startsWith(candidate + ".");
      if (contains) {
        used.add(candidate);
        found = true;
      }
    }
    return found;
  }

  private static String packageOf(String className) {
    return className.substring(0, Math.max(0, className.lastIndexOf('.')));
  }

  /**
   * Tells whether a package is one of those that observe, which are never loaded again.
   *
   * @param name a package
   * @return true if it is the checker's, or that of the map or inside it
   */
  public static boolean isOwn(String name) {
    String trace = InstrumentingLoader.class.getPackageName();
    String map = PmemMap.class.getPackageName();
    return name.equals(trace)
        || name.equals(packageOf(trace))
        || name.equals(map)
        || name.startsWith(map + ".");
  }

  /**
   * Returns the packages of which no class was asked for so far.
   *
   * @return their names, as given to the constructor
   */
  public List<String> unusedPackages() {
    return packages.stream().filter(name -> !used.contains(name)).toList();
  }

  private byte @Nullable [] read(String name) throws ClassNotFoundException {
    try (InputStream file = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      return file == null ? null : file.readAllBytes();
    } catch (IOException failure) {
      throw new ClassNotFoundException(name, failure);
    }
  }
}
