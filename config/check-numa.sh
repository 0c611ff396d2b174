# shellcheck shell=bash
# Sourced by ./check: the tests of everything about NUMA, on this host and on each emulated machine that has more to show
# than one node, and whether docs/coverage-numa.md has a row for each name of the manual pages.
: "${root:?}" "${results:?}" "${build_stamp:?}"

numa_unit_tests='io/lode/numa/**/*Test,io/lode/cli/Numa*Test,io/lode/cli/numa/*Test'
numa_integration_tests='io\.lode\.(numa\..*|cli\.Numa.*)IT'

# check_numa [--json]: prints what was found, as JSON for programs, and gives the exit status.
check_numa() {
  local status=0
  {
    with_build_lock numa_tests_here || failed_gate "mvn package" "$(maven_errors "$root/.lode/check.log")"
    numa_results host ./numa/target/surefire-reports ./cli/target/surefire-reports
    numa_tests_on_machines
  } >&2
  if [ "${1-}" = --json ]; then
    (failures <"$results/tests" && summary) >&2 || status=$?
    numa_json
    exit "$status"
  fi
  numa_json
  failures <"$results/tests"
  summary
}

numa_tests_here() {
  local log=$root/.lode/check.log status=0
  rm -rf ./*/target/surefire-reports
  touch "$build_stamp.next"
  LODE_NO_BUILD=1 maven "$JAVA_HOME" -B -fae package -Dtest="$numa_unit_tests" -Dsurefire.failIfNoSpecifiedTests=false \
    -Dmaven.javadoc.skip=true -Dmaven.source.skip=true -Dspotless.check.skip=true >"$log" 2>&1 </dev/null || status=$?
  if [ "$status" = 0 ]; then
    make_startup_cache "$JAVA_HOME"
    mv -f "$build_stamp.next" "$build_stamp"
  fi
  return "$status"
}

numa_tests_on_machines() {
  local status=0 reports
  rm -rf "$root/.lode/testbed"
  setpriv --pdeathsig TERM testbed/integration-tests "$root/.lode/testbed" "$numa_integration_tests" || status=$?
  for reports in "$root"/.lode/testbed/reports-*; do
    [ ! -d "$reports" ] || numa_results "${reports##*/reports-}" "$reports"
  done
  [ "$status" = 0 ] || failed_gate "testbed" "the machines did not end well: see above"
}

# numa_results TOPOLOGY REPORTS…: adds the tests of the reports to the results, and counts them by topology.
numa_results() {
  local topology=$1 before
  before=$(wc -l <"$results/tests")
  collect "${@:2}"
  tail -n "+$((before + 1))" "$results/tests" | awk -F '\t' -v topology="$topology" '
    { n[$1]++ }
    END { printf "    \"%s\": {\"passed\": %d, \"failed\": %d, \"skipped\": %d}\n", topology, n["passed"], n["failed"], n["skipped"] }
  ' >>"$results/numa-cases"
}

# Without python or jq: the numbers and the names of topologies need no escapes.
numa_json() {
  local rows listed
  rows=$(grep -c '^| `' docs/coverage-numa.md)
  listed=$(grep -cvE '^(#|\[|[[:space:]]*$)' numa/src/test/resources/io/lode/numa/c-names.txt)
  printf '{\n  "rows": %d,\n  "listed": %d,\n  "cases": {\n' "$rows" "$listed"
  sed '$!s/$/,/' "$results/numa-cases"
  printf '  },\n'
  awk -F '\t' '{ n[$1]++ } END { printf "  \"passed\": %d,\n  \"failed\": %d,\n  \"skipped\": %d\n}\n", n["passed"], n["failed"], n["skipped"] }' \
    "$results/tests"
}
