#!/usr/bin/env bash
# JDK 25: a program whose standard input is closed reads the JDK's own lib/modules as its input.
#
# `java … <&-` opens lib/modules first, which gets the lowest free descriptor: 0. What a program then reads from System.in is
# that file, more than a hundred megabytes, without an error. With 0, 1 and 2 closed only 0 is taken so: in place of 1 there
# is /dev/null.
#
# Seen with Temurin 25.0.3:  read: all of lib/modules
# The way around: the script that starts the JVM opens a closed descriptor on /dev/null, for writing only, or the program
# looks at /proc/self/fd/0 before it reads.
#
# Exit status 0: as seen. 1: it has changed. 2: could not be tried.
set -euo pipefail
seen="read: all of lib/modules"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
home=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p') || exit 2
[ -f "$home/lib/modules" ] || { echo "no lib/modules in $home"; exit 2; }
mkdir classes
cat >Count.java <<'JAVA'
import java.io.OutputStream;
import java.nio.file.*;
public class Count {
  public static void main(String[] arguments) throws Exception {
    long bytes = System.in.transferTo(OutputStream.nullOutputStream());
    Files.writeString(Path.of(arguments[0]), Long.toString(bytes));
  }
}
JAVA
"$home/bin/javac" -d classes Count.java || exit 2
"$java" -cp classes Count "$folder/count" <&- || true
if [ "$(cat count 2>/dev/null)" = "$(stat -Lc %s "$home/lib/modules")" ]; then found=$seen; else found="read: $(cat count 2>/dev/null || echo nothing) bytes"; fi
echo "$("$java" -version 2>&1 | sed -n 2p): $found"
[ "$found" = "$seen" ]
