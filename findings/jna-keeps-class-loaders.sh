#!/usr/bin/env bash
# JNA 5.19.1 on JDK 25: a class loader whose classes hold a library bound by Native.load can never be collected.
#
# Six class loaders each load JNA and a class with `static final C LIBC = Native.load("c", C.class)`, call it once, and are
# dropped. JNA registers the library with its cleaner, whose thread ends only when nothing is registered any more; the thread
# holds its class and so the loader, the loader's class holds the library, and the library is what is registered.
#
# Seen with 5.19.1, Temurin 25.0.3:  bound by Native.load: 6 of 6 reachable; called by address: 0 of 6 reachable
# The second figure is the way around: `Function.getFunction(new Pointer(address))`, with nothing registered.
#
# Exit status 0: as seen. 1: it has changed. 2: could not be tried.
set -euo pipefail
version=5.19.1
seen="bound by Native.load: 6 of 6 reachable; called by address: 0 of 6 reachable"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy -Dartifact=net.java.dev.jna:jna:"$version" \
  -DoutputDirectory="$folder" >mvn.log 2>&1 || { tail -n 5 mvn.log; exit 2; }
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
mkdir application server
cat >Bound.java <<'JAVA'
import com.sun.jna.*;
public class Bound implements Runnable {
  public interface C extends Library { int getpid(); }
  static final C LIBC = Native.load("c", C.class);
  public void run() { LIBC.getpid(); }
}
JAVA
cat >ByAddress.java <<'JAVA'
import com.sun.jna.*;
public class ByAddress implements Runnable {
  static final Function GETPID = Function.getFunction(new Pointer(
      java.lang.foreign.Linker.nativeLinker().defaultLookup().find("getpid").orElseThrow().address()));
  public void run() { GETPID.invokeInt(new Object[0]); }
}
JAVA
cat >Server.java <<'JAVA'
import java.lang.ref.WeakReference;
import java.net.*;
import java.nio.file.Path;
import java.util.*;
public class Server {
  static long reachable(String name, URL... path) throws Exception {
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      URLClassLoader loader = new URLClassLoader(path, ClassLoader.getPlatformClassLoader());
      Thread work = new Thread((Runnable) loader.loadClass(name).getConstructor().newInstance());
      work.start();
      work.join();
      loader.close();
      loaders.add(new WeakReference<>(loader));
    }
    long left = 6;
    // The cleaner's thread lingers for 30 s after its last object.
    for (int i = 0; i < 50 && left > 0; i++) {
      System.gc();
      Thread.sleep(1000);
      left = loaders.stream().filter(loader -> loader.get() != null).count();
    }
    return left;
  }
  public static void main(String[] args) throws Exception {
    URL[] path = {Path.of("application/").toUri().toURL(), Path.of(args[0]).toUri().toURL()};
    System.out.println("bound by Native.load: " + reachable("Bound", path) + " of 6 reachable; called by address: "
        + reachable("ByAddress", path) + " of 6 reachable");
  }
}
JAVA
"${java}c" -d application -cp "jna-$version.jar" Bound.java ByAddress.java
"${java}c" -d server Server.java
now=$("$java" --enable-native-access=ALL-UNNAMED -cp server Server "jna-$version.jar")
echo "JNA $version, $("$java" -version 2>&1 | sed -n 2p)"
echo "seen: $seen"
echo "now:  $now"
[ "$now" = "$seen" ]
