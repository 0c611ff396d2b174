# shellcheck shell=bash
# Sourced by ./check: its gates, and what is done with their results. A result is a line of $results/tests as
# config/reports.awk prints it; a gate of the build that fails becomes such a line too, so that nothing red is lost.
: "${root:?}" "${results:?}" "${build_stamp:?}" "${bench_stamp:?}"

failed_gate() {
  printf 'failed\t%s\t%s\t\n' "$1" "$2" >>"$results/tests"
}

gate_shell_scripts() {
  local scripts
  mapfile -t scripts < <(grep -rlIE '^(#!.*\b(ba)?sh\b|# shellcheck shell)' lode check .ci config testbed 2>/dev/null)
  shellcheck -x "${scripts[@]}" || failed_gate "shellcheck" "see above"
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
    failed_gate "mvn verify" "see above"
  fi
}

maven_verify() {
  local log=$root/.lode/check.log
  touch "$build_stamp.next"
  if LODE_NO_BUILD=1 mvn -B -T 2 -fae verify >"$log" 2>&1 </dev/null; then
    make_startup_cache "$JAVA_HOME"
    cp -p "$build_stamp.next" "$bench_stamp"
    mv -f "$build_stamp.next" "$build_stamp"
    return 0
  fi
  echo "mvn verify failed (whole log: $log):"
  # Failed tests are shown from their reports; the rest of the filter is Maven's advice.
  grep -E '^\[(ERROR|WARNING)\] [^[:space:]]|SKIPPED' "$log" \
    | grep -vE 'Tests run:|<<<|(Failures|Errors): $|There are test failures|[[]Help 1[]]|^.ERROR. (See |For more|After correct|To see|Re-run)' \
    | head -n 40
  return 1
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

# The same sources built in another folder must give the same bytes, whatever the clock and the path.
gate_same_jars_again() {
  local jar copy=$results/copy compared=0
  echo "building again in another folder"
  build_copy "$copy" "$JAVA_HOME" || {
    failed_gate "second build" "see above"
    return
  }
  while read -r jar; do
    # What failed tests kept from being built is told already.
    if [ ! -e "$root/$jar" ] && grep -q '^failed' "$results/tests"; then continue; fi
    compared=$((compared + 1))
    cmp -s "$root/$jar" "$copy/$jar" || failed_gate "same jars again" "$jar differs between two builds"
  done < <(cd "$copy" && find ./*/target -name 'lode*.jar')
  [ "$compared" -gt 3 ] || grep -q '^failed' "$results/tests" || failed_gate "same jars again" "only $compared jars were built"
}

gate_maven_on_java_17() {
  local home
  for home in /usr/lib/jvm/*; do
    if [ -x "$home/bin/javac" ] && grep -qs '^JAVA_VERSION="17[".]' "$home/release"; then
      echo "building with Maven on Java 17"
      build_copy "$results/copy17" "$home" || failed_gate "mvn verify on Java 17" "see above"
      return
    fi
  done
  echo "no JDK 17 here: the build under it was not tried"
}

# Builds what git knows and what is new, without tests, in folder $1 with Maven on the JDK in $2.
build_copy() {
  local log=$root/.lode/copy.log
  mkdir -p "$1"
  git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
    [ ! -e "$file" ] || printf '%s\0' "$file"
  done | tar --null -T - -cf - | tar -xf - -C "$1"
  (cd "$1" && JAVA_HOME=$2 mvn -B -q verify -DskipTests) >"$log" 2>&1 </dev/null && return 0
  grep '^\[ERROR\]' "$log" | head -n 15
  return 1
}

gate_testbed() {
  local status=0 built=0
  rm -rf "$root/.lode/testbed"
  if [ "$1" = testbed ]; then with_build_lock build_tests || built=$?; fi
  if [ "$built" != 0 ]; then
    failed_gate "mvn package" "see above"
    return
  fi
  setpriv --pdeathsig TERM testbed/integration-tests "$root/.lode/testbed" || status=$?
  cat "$root/.lode/testbed/results" >>"$results/tests"
  tail -n 1 "$root/.lode/testbed/summary" >"$results/testbed-summary"
  [ "$status" = 0 ] || failed_gate "testbed" "see above"
}

# The program and the test classes, without the gates.
build_tests() {
  local log=$root/.lode/check.log
  touch "$build_stamp.next"
  if mvn -B -q package -DskipTests -Dmaven.javadoc.skip=true -Dmaven.source.skip=true -Dspotless.check.skip=true \
    >"$log" 2>&1 </dev/null; then
    make_startup_cache "$JAVA_HOME"
    mv -f "$build_stamp.next" "$build_stamp"
    return 0
  fi
  grep '^\[ERROR\]' "$log" | head -n 15
  return 1
}

# Prints failures and skips and the last lines, and gives the exit status.
summary() {
  local outcome test message report status=0 passed failed skipped
  while IFS=$'\t' read -r outcome test message report; do
    case $outcome in
      failed)
        printf 'FAILED %s\n    %.600s\n' "$test" "$message"
        [ -z "$report" ] || printf '    %s\n' "$report"
        ;;
      skipped)
        if grep -v '^#' config/allowed-skips | awk -v test="$test" '$1 == test { found = 1 } END { exit !found }'; then
          printf 'skipped (allowed) %s\n' "$test"
        else
          printf 'SKIPPED %s: not in config/allowed-skips\n    %.600s\n' "$test" "$message"
          status=1
        fi
        ;;
    esac
  done < <(sed 's/\t\t/\t \t/' "$results/tests")
  read -r passed failed skipped < <(awk -F '\t' '{ n[$1]++ } END { print n["passed"] + 0, n["failed"] + 0, n["skipped"] + 0 }' "$results/tests")
  if [ $((passed + failed)) = 0 ]; then
    echo "FAILED no test was run"
    status=1
  fi
  [ "$failed" = 0 ] || status=1
  [ ! -s "$results/testbed-summary" ] || cat "$results/testbed-summary"
  echo "$passed passed, $failed failed, $skipped skipped"
  exit "$status"
}
