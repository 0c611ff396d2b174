# shellcheck shell=bash
# Sourced by ./check: tries the crashes of the store, with everything that crashtest's README names. As a gate of the
# plain ./check it runs for 3 minutes and counts each of its parts as a test.
: "${root:?}" "${results:?}" "${build_stamp:?}" "${fast_programs[*]:?}"

# crash_check OPTIONS…: runs the checker on classes that are built already.
crash_check() {
  local path module
  path=$root/kvstore/target/test-classes
  for module in kvstore crashtest pmem numa; do path+=:$root/$module/target/classes; done
  # One collector thread: the images leave next to nothing behind, and the threads that try them need the processors.
  "$JAVA_HOME/bin/java" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \
    -cp "$path:$(cat "$root/kvstore/target/test-class-path")" io.lode.kv.CrashCheck "$@" </dev/null
}

# check_crash OPTIONS…: `./check crash`.
check_crash() {
  require_packages "${fast_programs[@]}" || return 1
  JAVA_HOME=$(find_jdk25) || return 1
  export JAVA_HOME
  if crash_classes_are_stale; then
    if ! with_build_lock build_tests; then
      failures <"$results/tests" >&2
      return 1
    fi
  fi
  crash_check "$@"
}

crash_classes_are_stale() {
  local made=$root/kvstore/target/test-class-path
  [ -f "$made" ] || return 0
  [ -n "$(find "$root"/{pmem,numa,crashtest,kvstore}/{pom.xml,src} -newer "$made" -print -quit)" ]
}

gate_crash() {
  local log=$root/.lode/check-crash.log status=0
  crash_check --minutes 3 --results "$results/crash" >"$log" 2>&1 || status=$?
  if [ -s "$results/crash" ]; then
    cat "$results/crash" >>"$results/tests"
    tail -n 1 "$log"
  fi
  if [ "$status" != 0 ] && ! grep -qs '^failed' "$results/crash"; then
    failed_gate "crash" "ended with status $status (whole log: $log)"
  fi
}
