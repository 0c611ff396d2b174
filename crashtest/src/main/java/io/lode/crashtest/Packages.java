package io.lode.crashtest;

import io.lode.crashtest.trace.InstrumentingLoader;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks the names of the packages under test. */
final class Packages {
  private Packages() {}

  /** Requires that names can be those of packages under test; whether they exist is seen later. */
  static void requirePackages(ClassLoader parent, List<String> names) {
    for (String name : names) {
      if (InstrumentingLoader.isOwn(name)) {
        throw new IllegalArgumentException(
            "package " + name + " observes the others and cannot be under test itself");
      }
      if (name.matches("(java|javax|jdk|sun)([.].*)?")) {
        throw new IllegalArgumentException(
            "package " + name + " belongs to the JDK and cannot be under test");
      }
      if (!name.isEmpty() && parent.getResource(name.replace('.', '/') + ".class") != null) {
        int dot = name.lastIndexOf('.');
        throw new IllegalArgumentException(
            name
                + " is a class; give the name of its package, \""
                + name.substring(0, Math.max(0, dot))
                + "\"");
      }
    }
  }

  /** Requires that packages of which no class was loaded exist at least. */
  static void requireExisting(ClassLoader parent, List<String> unused) {
    for (String name : unused) {
      if (!exists(parent, name)) {
        throw new IllegalArgumentException(
            "there is no class in package \""
                + name
                + "\", and none was loaded: is the name misspelt?");
      }
    }
  }

  private static boolean exists(ClassLoader parent, String name) {
    Stream<String> ofModules =
        ModuleLayer.boot().modules().stream().flatMap(module -> module.getPackages().stream());
    return Stream.concat(ofModules, defined(parent))
            .anyMatch(other -> other.equals(name) || other.startsWith(name + "."))
        || parent.getResource(name.replace('.', '/') + "/") != null
        || parent.getResource(name.replace('.', '/')) != null;
  }

  private static Stream<String> defined(@Nullable ClassLoader loader) {
    return Stream.iterate(loader, each -> each != null, ClassLoader::getParent)
        .flatMap(each -> Stream.of(each.getDefinedPackages()))
        .map(Package::getName);
  }
}
