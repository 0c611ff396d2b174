# shellcheck shell=bash
# Sourced by ./check for `./check CLASS` and `./check CLASS#METHOD`: one test class, where it has to run.
: "${root:?}" "${results:?}" "${without_error_prone:?}"

# test_source CLASS[#METHOD]: prints the source of a test class, or fails.
test_source() {
  find ./*/src/test/java -name "${1%%#*}.java" 2>/dev/null | sort | awk 'NR == 1 { print } END { exit NR == 0 }'
}

one_test() {
  local source log=$root/.lode/check.log class=${1%%#*}
  source=$(test_source "$1")
  if [[ $class == *IT ]]; then
    # A machine is booted for it, and then it is all or nothing.
    with_build_lock build_tests && gate_testbed ".*\.$class"
    return
  fi
  rm -rf ./*/target/surefire-reports
  mkdir -p "$root/.lode"
  with_build_lock maven "$JAVA_HOME" -B -pl "$(cut -d / -f 2 <<<"$source")" -am "$without_error_prone" -Dtest="$1" \
    -Dsurefire.failIfNoSpecifiedTests=false -Dspotless.check.skip=true test >"$log" 2>&1 </dev/null || true
  collect ./*/target/surefire-reports
  [ -s "$results/tests" ] || failed_gate "$1" "$(maven_errors "$log")"
}
