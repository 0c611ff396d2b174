package io.lode.bench.kv.store;

import io.lode.pmem.PmemMap;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A store that is measured: how to open it, with which JVM options, and its version. */
@SuppressWarnings("ImmutableEnumChecker") // lists that cannot be changed, and lambdas without state
public enum Rival {
  /** Lode itself. */
  LODE("Lode", "lode-kvstore", List.of(), LodeStore::open),

  /** LMDB. */
  LMDBJAVA(
      "lmdbjava",
      "lmdbjava",
      List.of(
          "--add-opens=java.base/java.nio=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow"),
      LmdbStore::open),

  /** RocksDB. */
  ROCKSDBJNI("rocksdbjni", "rocksdbjni", List.of(), RocksStore::open),

  /** H2's storage engine. */
  MVSTORE("MVStore", "h2-mvstore", List.of(), MvStore::open),

  /** Chronicle Map. */
  CHRONICLE(
      "Chronicle Map",
      "chronicle-map",
      List.of(
          "--sun-misc-unsafe-memory-access=allow",
          "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
          "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
          "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
          "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
          "--add-opens=java.base/java.io=ALL-UNNAMED",
          "--add-opens=java.base/java.nio=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-opens=java.base/java.util=ALL-UNNAMED",
          "-Dchronicle.analytics.disable=true"),
      ChronicleStore::open),

  /** MapDB. */
  MAPDB(
      "MapDB",
      "mapdb",
      List.of("--sun-misc-unsafe-memory-access=allow"),
      (folder, _) -> MapDbStore.open(folder)),

  /** Xodus. */
  XODUS("Xodus", "xodus-environment", List.of(), (folder, _) -> XodusStore.open(folder)),

  /** SQLite. */
  SQLITE("SQLite", "sqlite-jdbc", List.of(), (folder, _) -> SqliteStore.open(folder)),

  /** mashona's log. */
  MASHONA("mashona log", "mashona-logwriting", List.of(), MashonaStore::open);

  /** Opens a store. */
  @FunctionalInterface
  private interface Opener {
    Subject open(Path folder, Sizing sizing) throws Exception;
  }

  private final String title;
  private final String artifact;
  private final List<String> jvmOptions;
  private final Opener opener;

  Rival(String title, String artifact, List<String> jvmOptions, Opener opener) {
    this.title = title;
    this.artifact = artifact;
    this.jvmOptions = jvmOptions;
    this.opener = opener;
  }

  /** Finds a rival by its id. */
  public static Optional<Rival> of(String id) {
    return List.of(values()).stream().filter(rival -> rival.id().equals(id)).findFirst();
  }

  /** Returns its name on the command line, in lower case. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns its name in reports. */
  public String title() {
    return title;
  }

  /** Returns the JVM options that it needs beside native access. */
  public List<String> jvmOptions() {
    return jvmOptions;
  }

  /** Returns the version of its jar, {@code as built} where it is no jar. */
  public String version() {
    Matcher jar =
        Pattern.compile("/" + Pattern.quote(artifact) + "-(\\d[^/]*)\\.jar")
            .matcher(System.getProperty("java.class.path").replace(File.pathSeparatorChar, '\n'));
    return jar.find() ? jar.group(1) : "as built";
  }

  /** Opens its store in a folder of its own, or makes one where there is none. */
  public Subject open(Path folder, Sizing sizing) throws Exception {
    return opener.open(folder, sizing);
  }

  /** Opens a new store of Lode's in a map of the caller's. */
  public static Subject lodeOver(PmemMap map) {
    return LodeStore.over(map);
  }
}
