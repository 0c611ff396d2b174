package io.lode.kv;

import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Runs in its own JVM: an application server that deploys an application with a store a few times,
 * each in a class loader of its own, and prints how many of them can be collected afterwards. Each
 * brings its own JNA, or all use that of the server, which uses it as well.
 */
final class UndeployProgram {
  static final int DEPLOYMENTS = 6;

  /** Ends what will not come; nothing that works comes near it. */
  private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(5);

  private UndeployProgram() {}

  /** Takes: the folder for pools, whether JNA is the server's. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    boolean isShared = Boolean.parseBoolean(args[1]);
    ClassLoader server = ClassLoader.getPlatformClassLoader();
    Object otherUser = folder;
    if (isShared) {
      server = new URLClassLoader("server", classPath(true), server);
      Method library =
          server.loadClass("com.sun.jna.NativeLibrary").getMethod("getInstance", String.class);
      otherUser = library.invoke(null, "m");
    }
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    for (int i = 0; i < DEPLOYMENTS; i++) {
      var loader = new URLClassLoader("application " + i, classPath(false), server);
      deploy(loader, folder.resolve("pool" + i), !isShared);
      loaders.add(new WeakReference<>(loader));
      loader.close();
    }
    long start = System.nanoTime();
    long left = DEPLOYMENTS;
    while (left > 0 && System.nanoTime() - start < LIMIT_NANOS) {
      System.gc();
      Thread.sleep(100);
      left = loaders.stream().map(WeakReference::get).filter(Objects::nonNull).count();
    }
    System.out.println("collected " + (DEPLOYMENTS - left));
    if (otherUser.toString().isEmpty()) {
      throw new IllegalStateException("the other user's library is gone");
    }
  }

  private static void deploy(ClassLoader loader, Path pool, boolean hasJna) throws Exception {
    var work =
        new Thread(() -> {
          try {
            use(loader, pool);
            boolean own = loader.equals(loader.loadClass("com.sun.jna.Native").getClassLoader());
            if (own != hasJna) {
              throw new IllegalStateException("JNA is not where it should be");
            }
          } catch (ReflectiveOperationException | IOException e) {
            throw new IllegalStateException(e);
          }
        });
    work.setContextClassLoader(loader);
    work.start();
    work.join();
  }

  /** What an application does: through its own loader, so by reflection here. */
  private static void use(ClassLoader loader, Path pool)
      throws ReflectiveOperationException, IOException {
    Class<?> stores = loader.loadClass("io.lode.kv.KvStore");
    Class<?> configs = loader.loadClass("io.lode.kv.KvConfig");
    Object builder = configs.getMethod("builder").invoke(null);
    builder.getClass().getMethod("capacityBytes", long.class).invoke(builder, 1L << 20);
    Object config = builder.getClass().getMethod("build").invoke(builder);
    byte[] key = {1};
    Object store = stores.getMethod("create", Path.class, configs).invoke(null, pool, config);
    stores.getMethod("put", byte[].class, byte[].class).invoke(store, key, new byte[100]);
    stores.getMethod("close").invoke(store);
    store = stores.getMethod("open", Path.class, configs).invoke(null, pool, config);
    if (stores.getMethod("get", byte[].class).invoke(store, key).toString().isEmpty()) {
      throw new IllegalStateException("nothing");
    }
    stores.getMethod("close").invoke(store);
    Files.delete(pool);
    System.out.println("used by " + loader.getName());
  }

  /** The server's part of the class path of this process is JNA. */
  private static URL[] classPath(boolean isServers) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(Path::of)
        .filter(entry -> !isServers || entry.getFileName().toString().startsWith("jna"))
        .map(UndeployProgram::url)
        .toArray(URL[]::new);
  }

  private static URL url(Path entry) {
    try {
      return entry.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
