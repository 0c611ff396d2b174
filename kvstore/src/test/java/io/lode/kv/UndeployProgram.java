package io.lode.kv;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
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
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Runs in its own JVM: an application server that deploys an application with a store a few times,
 * each in a class loader of its own, and prints how many of them can be collected afterwards. Each
 * brings its own JNA, or all use that of the server, which uses it as well. A store is used by a
 * thread of the application, which ends, and by threads of the server, which stay.
 */
final class UndeployProgram {
  static final int DEPLOYMENTS = 6;

  private static final byte[] VALUE = "a value that is found in its pool".getBytes(US_ASCII);

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
    var ofServer = Executors.newSingleThreadExecutor();
    var ofServerVirtual = Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());
    for (int i = 0; i < DEPLOYMENTS; i++) {
      var loader = new URLClassLoader("application " + i, classPath(false), server);
      Path pool = folder.resolve("pool" + i);
      try (var ofApplication = Executors.newSingleThreadExecutor()) {
        deploy(loader, pool, !isShared, List.of(ofApplication, ofServer, ofServerVirtual));
      }
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
    ofServer.close();
    ofServerVirtual.close();
    if (otherUser.toString().isEmpty()) {
      throw new IllegalStateException("the other user's library is gone");
    }
  }

  private static void deploy(
      ClassLoader loader, Path pool, boolean hasJna, List<ExecutorService> threads)
      throws Exception {
    for (ExecutorService thread : threads) {
      Callable<Boolean> work =
          () -> {
            ClassLoader before = Thread.currentThread().getContextClassLoader();
            Thread.currentThread().setContextClassLoader(loader);
            try {
              use(loader, pool);
            } finally {
              Thread.currentThread().setContextClassLoader(before);
            }
            return true;
          };
      thread.submit(work).get();
    }
    boolean own = loader.equals(loader.loadClass("com.sun.jna.Native").getClassLoader());
    if (own != hasJna) {
      throw new IllegalStateException("JNA is not where it should be");
    }
    System.out.println("used by " + loader.getName());
  }

  /** What an application does: through its own loader, so by reflection here. */
  private static void use(ClassLoader loader, Path pool)
      throws ReflectiveOperationException, IOException {
    Class<?> stores = loader.loadClass("io.lode.kv.KvStore");
    Class<?> configs = loader.loadClass("io.lode.kv.KvConfig");
    Object builder = configs.getMethod("builder").invoke(null);
    builder.getClass().getMethod("capacityBytes", long.class).invoke(builder, 1L << 20);
    Object config = builder.getClass().getMethod("build").invoke(builder);
    Method open = stores.getMethod("open", Path.class, configs);
    Object store = stores.getMethod("create", Path.class, configs).invoke(null, pool, config);
    writeAndRead(store);
    stores.getMethod("close").invoke(store);
    store = open.invoke(null, pool, config);
    writeAndRead(store);
    stores.getMethod("close").invoke(store);
    stores.getMethod("check", Path.class).invoke(null, pool);
    loseValues(pool);
    try {
      open.invoke(null, pool, config);
      throw new IllegalStateException("a damaged pool was opened");
    } catch (InvocationTargetException refused) {
      if (!Objects.toString(refused.getCause()).contains("Damaged")) {
        throw refused;
      }
    }
    Files.delete(pool);
  }

  private static void writeAndRead(Object store) throws ReflectiveOperationException {
    Class<?> stores = store.getClass();
    Class<?> batches = stores.getClassLoader().loadClass("io.lode.kv.WriteBatch");
    byte[] key = {1};
    byte[] other = {2};
    stores.getMethod("put", byte[].class, byte[].class).invoke(store, key, VALUE);
    Object batch = batches.getConstructor().newInstance();
    batches.getMethod("put", byte[].class, byte[].class).invoke(batch, other, VALUE);
    stores.getMethod("write", batches).invoke(store, batch);
    Object one = stores.getMethod("get", byte[].class).invoke(store, key);
    Object several = stores.getMethod("multiGet", List.class).invoke(store, List.of(key, other));
    for (Object value : List.of(one, ((List<?>) several).get(0), ((List<?>) several).get(1))) {
      if (!Arrays.equals((byte[]) ((Optional<?>) value).orElseThrow(), VALUE)) {
        throw new IllegalStateException("another value was read than was written");
      }
    }
  }

  /** Damages every record of a pool. */
  private static void loseValues(Path pool) throws IOException {
    String bytes = Files.readString(pool, ISO_8859_1);
    String value = new String(VALUE, ISO_8859_1);
    String lost = bytes.replace(value, "?".repeat(VALUE.length));
    Files.writeString(pool, lost, ISO_8859_1);
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
