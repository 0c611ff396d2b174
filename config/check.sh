# shellcheck shell=bash
# Sourced by ./check: its parts, and what is done with their results. A result is a line of $results/tests as
# config/reports.awk prints it; a gate that fails becomes such a line too, so that nothing red is lost.
: "${root:?}" "${results:?}" "${build_stamp:?}" "${bench_stamp:?}"

# What is compiled once more need not be looked at once more.
without_error_prone=-Derror.prone=-Xlint:all

# part NAME FUNCTION [ARGUMENT…]: runs a part, and keeps what it took of time and of the processors. What is red is told
# as soon as its part is over.
part() {
  local before started=$SECONDS told
  told=$(wc -l <"$results/tests")
  part_name=$1
  before=$(processor_seconds)
  # Where nobody looks on, the first line is to say what failed.
  if [ -t 2 ] || [ -n "${CI-}" ]; then printf '%s …\n' "$1" >&2; fi
  # A part that ends early is red, whatever it has told.
  "${@:2}" || tail -n "+$((told + 1))" "$results/tests" | grep '^failed' >/dev/null || failed_gate "$1" "ended early"
  printf '%s\t%s\t%s\n' "$1" $((SECONDS - started)) $(($(processor_seconds) - before)) >>"$results/parts"
  tail -n "+$((told + 1))" "$results/tests" | failures
}

# Prints the processor time of this shell and of all processes below it that have ended.
processor_seconds() {
  local stat
  # The name, in parentheses, is this script's: one word.
  read -r -a stat <"/proc/$$/stat"
  echo $(((stat[13] + stat[14] + stat[15] + stat[16]) / $(getconf CLK_TCK)))
}

# failed_gate NAME MESSAGE: the part that is running finds something red. In the results a message is one line.
failed_gate() {
  printf 'failed\t%s\t%s\t./check %s\n' "$1" "$(tr '\n\t' '\036 ' <<<"${2:0:2000}")" "$part_name" >>"$results/tests"
}

passed_gate() {
  printf 'passed\t%s\t\t\n' "$1" >>"$results/tests"
}

# What needs no build: the scripts, the packages that they install, the programs that they and the tests start.
gate_scripts() {
  local scripts found canary=$results/canary
  mapfile -t scripts < <(grep -rlIE '^(#!.*\b(ba)?sh\b|# shellcheck shell)' lode check .ci config testbed 2>/dev/null)
  found=$(shellcheck -x "${scripts[@]}" 2>&1) || failed_gate "shellcheck" "$found"
  if command -v apt-cache >/dev/null; then
    found=$(unknown_packages | paste -sd ' ')
    # The lists may be old, or not there.
    if [ -n "$found" ] && can_install && apt-get update -q >/dev/null 2>&1; then found=$(unknown_packages | paste -sd ' '); fi
    [ -z "$found" ] || failed_gate "packages that are not to be had" "config/packages.sh lists $found"
  else
    failed_gate "packages that are not to be had" "cannot be known without apt-cache"
  fi
  found=$(unlisted_programs "$root")
  [ -z "$found" ] || failed_gate "programs that no listed package brings" "$found"
  # A program that is here and on no list must be noticed, or looking for them shows nothing.
  mkdir -p "$canary/testbed" "$canary/bin"
  printf '#!/bin/sh\n' >"$canary/bin/lode-canary" && chmod +x "$canary/bin/lode-canary"
  printf '#!/bin/sh\nif true; then lode-canary --sing; fi\n' >"$canary/testbed/script"
  [[ $(PATH=$canary/bin:$PATH unlisted_programs "$canary") == *lode-canary* ]] \
    || failed_gate "programs that no listed package brings" "a planted one was not noticed"
  grep -q '^failed' "$results/tests" || passed_gate "scripts"
}

# Everything that Maven checks: formatter, Error Prone, lint, unit tests, Javadoc, jars.
gate_maven() {
  local status=0
  rm -rf ./*/target/surefire-reports
  # The build also leaves the program up to date, so tests that run ./lode need not build it a second time.
  with_build_lock maven_verify || status=$?
  collect ./*/target/surefire-reports
  if [ "$status" = 0 ]; then
    tests_without_report
  elif ! grep -q '^failed' "$results/tests"; then
    failed_gate "mvn verify" "$(maven_errors "$root/.lode/check.log")"
  fi
}

maven_verify() {
  local log=$root/.lode/check.log
  touch "$build_stamp.next"
  LODE_NO_BUILD=1 maven "$JAVA_HOME" -B -T 2 -fae verify >"$log" 2>&1 </dev/null || return
  make_startup_cache "$JAVA_HOME"
  cp -p "$build_stamp.next" "$bench_stamp"
  mv -f "$build_stamp.next" "$build_stamp"
}

# Prints what a log of Maven says of the cause, without its advice.
maven_errors() {
  grep -E '^\[ERROR\] [^[:space:]]' "$1" \
    | grep -vE '[[]Help 1[]]|^.ERROR. (See |For more|After correct|To see|Re-run|Please refer)' | head -n 15
  echo "(whole log: $1)"
}

# Adds the tests of every report in the given folders to the results.
collect() {
  local reports
  mapfile -t reports < <(find "$@" -name 'TEST-*.xml' 2>/dev/null | sort)
  [ ${#reports[@]} = 0 ] || awk -f config/reports.awk "${reports[@]}" >>"$results/tests"
}

# A test class that no report names was not run: a wrong name, a dead test JVM. It must not pass for green.
tests_without_report() {
  local source class module
  while read -r source; do
    class=$(basename "$source" .java)
    module=${source%%/src/*}
    if ! compgen -G "$module/target/surefire-reports/TEST-*.$class.xml" >/dev/null \
      && ! compgen -G "$module/target/surefire-reports/TEST-*.$class\$*.xml" >/dev/null \
      && ! grep -q "abstract class $class" "$source"; then
      failed_gate "$source" "was not run"
    fi
  done < <(find ./*/src/test/java -name '*Test.java' 2>/dev/null | sort)
}

# gate_same_jars_again [FOLDER]: the same sources built in another folder must give the same bytes, whatever the clock and the path.
# The tests are no part of a jar. Without a FOLDER to build in first, what was built here is the one to compare with.
gate_same_jars_again() {
  local jar first=${1-$root} copy=$results/copy compared=0
  [ "$first" = "$root" ] || build_copy "$first" "$JAVA_HOME" || return
  build_copy "$copy" "$JAVA_HOME" || return
  while read -r jar; do
    compared=$((compared + 1))
    cmp -s "$first/$jar" "$copy/$jar" || failed_gate "same jars again" "$jar differs between two builds"
  done < <(cd "$copy" && find ./*/target -name 'lode*.jar')
  if [ "$compared" -gt 3 ]; then passed_gate "same jars again"; else failed_gate "same jars again" "only $compared jars were built"; fi
}

# Maven of Debian 12 runs on Java 17, that of Debian 13 on 21; the compiler is that of the JDK 25 all the same.
gate_maven_on_java_17() {
  local home package
  for package in openjdk-17-jre-headless openjdk-21-jre-headless; do
    home=$(older_java) && break
    if is_known_package "$package"; then install_packages "$package"; fi
  done
  if home=$(older_java); then
    build_copy "$results/copy17" "$home" && passed_gate "Maven on ${home##*/}"
  else
    failed_gate "Maven on Java 17" "there is no Java 17 or 21 below /usr/lib/jvm: apt install openjdk-17-jre-headless"
  fi
}

# The gates and the unit tests on the newest JDK beside 25, where there is one: none is brought along, and where there is
# none nothing is left out that is promised.
gate_newest_jdk() {
  local home status=0 log=$root/.lode/newest.log copy=$results/newest
  if ! home=$(newest_jdk); then
    echo "no JDK later than 25 is installed where ./lode looks for JDKs, nor is JAVA_HOME one"
    return
  fi
  copy_project "$copy"
  (cd "$copy" && LODE_NO_BUILD=1 maven "$home" -B -fae verify) >"$log" 2>&1 </dev/null || status=$?
  collect "$copy"/*/target/surefire-reports
  if [ "$status" = 0 ]; then
    passed_gate "all gates on ${home##*/}"
  elif ! grep -q '^failed' "$results/tests"; then
    failed_gate "mvn verify on ${home##*/}" "$(maven_errors "$log")"
  fi
}

older_java() {
  local home
  for home in /usr/lib/jvm/*; do
    if [ -x "$home/bin/java" ] && grep -qsE '^JAVA_VERSION="(17|21)[".]' "$home/release"; then
      echo "$home"
      return
    fi
  done
  return 1
}

# copy_project FOLDER: what is in the project's folder and was not built there.
copy_project() {
  mkdir -p "$1"
  tar --exclude=target --exclude=.lode --exclude=.git -C "$root" -cf - . | tar -xf - -C "$1"
}

# build_copy FOLDER JAVA-HOME [OPTION…]: copies the project, without what was built, and builds it with Maven on a JDK.
build_copy() {
  local log=$root/.lode/copy.log
  copy_project "$1"
  (cd "$1" && maven "$2" -B -q verify "$without_error_prone" -Dmaven.test.skip=true "${@:3}") >"$log" 2>&1 </dev/null && return
  failed_gate "a build of a copy" "$(maven_errors "$log")"
  return 1
}

gate_testbed() {
  local status=0
  rm -rf "$root/.lode/testbed"
  setpriv --pdeathsig TERM testbed/integration-tests "$root/.lode/testbed" "$@" >"$root/.lode/testbed.log" || status=$?
  cat "$root/.lode/testbed/results" >>"$results/tests"
  tail -n 1 "$root/.lode/testbed/summary" >"$results/testbed-summary"
  [ "$status" = 0 ] || failed_gate "testbed" "$(tail -n 20 "$root/.lode/testbed.log")"
}

# The program and the test classes, without the gates.
build_tests() {
  local log=$root/.lode/check.log
  touch "$build_stamp.next"
  if ! maven "$JAVA_HOME" -B -q package "$without_error_prone" -DskipTests -Dmaven.javadoc.skip=true -Dmaven.source.skip=true \
    -Dspotless.check.skip=true >"$log" 2>&1 </dev/null; then
    failed_gate "mvn package" "$(maven_errors "$log")"
    return 1
  fi
  make_startup_cache "$JAVA_HOME"
  mv -f "$build_stamp.next" "$build_stamp"
}

# Prints the failed tests among results: what failed, why, how to run only that.
failures() {
  local outcome test message alone
  # Bash would take two tabs for one.
  sed 's/\t\t/\t \t/g' | while IFS=$'\t' read -r outcome test message alone; do
    [ "$outcome" = failed ] || continue
    printf 'FAILED %s\n' "$test"
    printf '%s\n' "$message" | tr '\036' '\n' | sed '/^$/d; s/^/    /'
    [ "${alone:- }" = " " ] || printf '    alone: %s\n' "$alone"
  done
}

# Prints skips, what the parts took and the counts, and gives the exit status.
summary() {
  local outcome test message status=0 passed failed skipped
  while IFS=$'\t' read -r outcome test message; do
    if [ "$outcome" != skipped ]; then continue; fi
    if grep -v '^#' config/allowed-skips | awk -v test="$test" '$1 == test { found = 1 } END { exit !found }'; then
      printf 'skipped (allowed) %s\n' "$test"
    else
      printf 'SKIPPED %s: not in config/allowed-skips\n    %.600s\n' "$test" "$message"
      status=1
    fi
  done <"$results/tests"
  read -r passed failed skipped < <(awk -F '\t' '{ n[$1]++ } END { print n["passed"] + 0, n["failed"] + 0, n["skipped"] + 0 }' "$results/tests")
  if [ $((passed + failed)) = 0 ]; then
    echo "FAILED no test was run"
    status=1
  fi
  [ "$failed" = 0 ] || status=1
  [ ! -s "$results/testbed-summary" ] || cat "$results/testbed-summary"
  [ ! -s "$results/parts" ] || parts
  echo "$passed passed, $failed failed, $skipped skipped"
  exit "$status"
}

# Prints a table of what the parts took.
parts() {
  awk -F '\t' '
    BEGIN { printf "%-10s %8s %20s\n", "part", "seconds", "processor seconds" }
    { printf "%-10s %8d %20d\n", $1, $2, $3; seconds += $2; processor += $3 }
    END { if (NR > 1) printf "%-10s %8d %20d\n", "all", seconds, processor }' "$results/parts"
}
