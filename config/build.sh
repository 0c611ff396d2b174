# shellcheck shell=bash
# Sourced by ./lode, ./check and testbed/run: where the JDK is, whether the program is up to date, how it is built.
# The caller sets `root`, the folder of the project. All that is written here goes to $root/.lode, out of sight.

: "${root:?}"
# In the C locale Java cannot name files whose names are not ASCII, such as this folder perhaps. C.UTF-8 differs from it
# in nothing else.
[ "$(locale charmap 2>/dev/null)" != ANSI_X3.4-1968 ] || export LC_ALL=C.UTF-8
. "$root/config/packages.sh"
program=$root/cli/target/lode/lode.jar
startup_cache=$root/.lode/startup.aot
build_stamp=$root/.lode/built
build_log=$root/.lode/build.log
bench_class_path=$root/bench/target/class-path
bench_stamp=$root/.lode/built-bench

# Prints the home of a JDK 25 or later, after installing one if it may, or says what to install.
find_jdk25() {
  installed_jdk25 && return
  if can_install && apt-get update -q >/dev/null 2>&1 && is_known_package openjdk-25-jdk-headless; then
    install_packages openjdk-25-jdk-headless >&2 && installed_jdk25 && return
  fi
  echo "lode: needs a JDK 25 or later: install one (https://adoptium.net or your distribution's openjdk-25-jdk) or set JAVA_HOME to it" >&2
  return 7
}

# Prints the home of the JDK to use: JAVA_HOME's if it is 25 or later, else a 25, else the first later one. Or fails.
installed_jdk25() {
  local home version later=
  while read -r version home; do
    if [ "$version" = 25 ] || [ "$home" = "${JAVA_HOME-}" ]; then
      printf '%s\n' "$home"
      return
    fi
    later=${later:-$home}
  done < <(installed_jdks)
  [ -n "$later" ] && printf '%s\n' "$later"
}

# Prints version and home of each JDK of 25 or later, those of the environment first. Reads the `release` file: starting
# a JVM to ask takes longer than the commands people run.
installed_jdks() {
  local home on_path version
  on_path=$(command -v java || true)
  [ -z "$on_path" ] || on_path=$(dirname -- "$(dirname -- "$(readlink -f -- "$on_path")")")
  for home in "${JAVA_HOME-}" "$on_path" /usr/lib/jvm/* /opt/*jdk* /opt/java/* \
    "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/* "${HOME-}"/.asdf/installs/java/* \
    "${HOME-}"/.local/share/mise/installs/java/*; do
    [ -x "$home/bin/javac" ] || continue
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\)[".+-].*/\1/p' "$home/release" 2>/dev/null)
    if [ "${version:-0}" -ge 25 ]; then printf '%s %s\n' "$version" "$home"; fi
  done
}

# Prints the home of the newest JDK later than 25, or fails.
newest_jdk() {
  installed_jdks | sort -s -k1,1nr | awk '$1 > 25 { sub(/^[0-9]+ /, ""); print; found = 1; exit } END { exit !found }'
}

# maven JDK OPTIONS…: runs the Maven of this system in the current folder or, where there is none, the wrapper's, which
# the JDK downloads. It lives too briefly for an optimising compiler or several collector threads to pay.
maven() {
  local command=mvn
  if ! command -v mvn >/dev/null; then
    command=$PWD/mvnw
    # A project that is not this one has none.
    [ -x "$command" ] || command=$root/mvnw
  fi
  JAVA_HOME=$1 MAVEN_OPTS=${MAVEN_OPTS--XX:TieredStopAtLevel=1 -XX:+UseSerialGC} "$command" "${@:2}"
}

# True when the program is missing or a main source or pom changed after the build began; the benchmarks are no part of it.
build_is_stale() {
  [ -f "$program" ] && [ -f "$build_stamp" ] || return 0
  [ -n "$(find "$root"/pom.xml "$root"/*/pom.xml "$root"/*/src/main -newer "$build_stamp" \
    ! -path "$root/bench/*" -print -quit 2>/dev/null)" ]
}

# The same of the benchmarks, which need all the rest.
bench_is_stale() {
  [ -f "$bench_class_path" ] && [ -f "$bench_stamp" ] || return 0
  [ -n "$(find "$root"/pom.xml "$root"/*/pom.xml "$root"/*/src/main -newer "$bench_stamp" -print -quit 2>/dev/null)" ]
}

# Runs a command while no other build of this tree runs. The command does not inherit the lock: a process that it
# leaves behind would hold it for ever.
with_build_lock() {
  local lock status=0
  mkdir -p "$root/.lode"
  exec {lock}>"$root/.lode/lock"
  flock "$lock"
  "$@" {lock}>&- || status=$?
  exec {lock}>&-
  return "$status"
}

# Builds the program with the JDK in $1, unless another process has just done so.
build_program() {
  build_is_stale || return 0
  [ ! -t 2 ] || echo "lode: building, this takes some seconds the first time (log: $build_log)" >&2
  touch "$build_stamp.next"
  if ! (cd "$root" && maven "$1" -B -q -Pno-gates -pl cli -am package -Dmaven.test.skip=true \
    -Dmaven.javadoc.skip=true -Dmaven.source.skip=true -Dspotless.check.skip=true) >"$build_log" 2>&1 </dev/null; then
    echo "lode: the build failed; its log is $build_log and ends with" >&2
    awk '/^\[ERROR\]/ && n++ < 15' "$build_log" | grep . >&2 || tail -n 15 "$build_log" >&2
    return 7
  fi
  # The program has its jars. Maven would take these classes for checked ones.
  rm -rf "$root"/*/target/classes
  make_startup_cache "$1"
  mv -f "$build_stamp.next" "$build_stamp"
}

# Builds the benchmarks with the JDK in $1, unless another process has just done so.
build_bench() {
  bench_is_stale || return 0
  [ ! -t 2 ] || echo "lode: building the benchmarks; the first time their rivals are downloaded, 180 MB (log: $build_log)" >&2
  touch "$bench_stamp.next"
  if ! (cd "$root" && maven "$1" -B -q -pl bench -am package -DskipTests -Dmaven.javadoc.skip=true \
    -Dmaven.source.skip=true -Dspotless.check.skip=true) >"$build_log" 2>&1 </dev/null; then
    echo "lode: the build failed; its log is $build_log and ends with" >&2
    awk '/^\[ERROR\]/ && n++ < 15' "$build_log" | grep . >&2 || tail -n 15 "$build_log" >&2
    return 7
  fi
  mv -f "$bench_stamp.next" "$bench_stamp"
}

# Prints what the benchmarks run with: their own jar, then those they need.
class_path_of_bench() {
  local own
  for own in "$root"/bench/target/lode-bench-*.jar; do
    [[ $own == *-sources.jar || $own == *-javadoc.jar ]] || printf '%s:' "$own"
  done
  cat "$bench_class_path"
}

# Records what starting up loads and links, so that later starts need a third of the time. Without it all still works.
make_startup_cache() {
  rm -f "$startup_cache"
  if "$1/bin/java" -XX:AOTCacheOutput="$startup_cache.next" -jar "$program" info --json "$root/pom.xml" \
    >"$root/.lode/startup.log" 2>&1 </dev/null || true; [ -s "$startup_cache.next" ]; then
    mv -f "$startup_cache.next" "$startup_cache"
  fi
}
