# shellcheck shell=bash
# Sourced by ./check: runs the benchmarks as little as they can be, and checks that their output is complete and sane.
# How fast anything was is not looked at: that is for a quiet machine and for eyes.
: "${root:?}" "${results:?}"

bench_reports=$root/.lode/bench

# gate_bench [built]: builds the benchmarks first, unless they are.
gate_bench() {
  local log=$root/.lode/check-bench.log
  if [ "${1-}" != built ] && ! with_build_lock build_bench "$JAVA_HOME" 2>"$results/build"; then
    failed_gate "the build of the benchmarks" "$(cat "$results/build")"
    return
  fi
  rm -rf "$bench_reports"
  mkdir -p "$bench_reports"
  if ! LODE_NO_BUILD=1 "$root/lode" bench kv --quick --gates --rounds 1 --json "$bench_reports/kv.json" \
    --html "$bench_reports/kv.html" >"$bench_reports/kv.txt" 2>"$log"; then
    failed_gate "lode bench kv --quick" "$(tail -n 3 "$log")"
  fi
  if ! LODE_NO_BUILD=1 "$root/lode" bench kv --quick --rounds 1 --rivals mvstore,chronicle,mapdb,xodus,sqlite,mashona \
    --keys 5000 --workload insert,recovery --gates --json "$bench_reports/rivals.json" \
    >"$bench_reports/rivals.txt" 2>>"$log"; then
    failed_gate "lode bench kv with every rival" "$(tail -n 3 "$log")"
  fi
  if ! LODE_NO_BUILD=1 "$root/lode" bench kv --quick --rounds 1 --workload cleaning --gates \
    --json "$bench_reports/cleaning.json" >"$bench_reports/cleaning.txt" 2>>"$log"; then
    failed_gate "lode bench kv --workload cleaning" "$(tail -n 3 "$log")"
  fi
  if ! LODE_NO_BUILD=1 "$root/lode" bench persist --quick --json "$bench_reports/persist.json" \
    >"$bench_reports/persist.txt" 2>>"$log"; then
    failed_gate "lode bench persist --quick" "$(tail -n 3 "$log")"
  fi
  # Memory beside a file, as little of everything as has all measures in it.
  if ! LODE_NO_BUILD=1 "$root/lode" bench locality emulated "$bench_reports" --quick --rounds 2 --millis 6 --area 64 --oracle \
    --json "$bench_reports/locality.json" --csv "$bench_reports/locality.csv" --html "$bench_reports/locality.html" \
    >"$bench_reports/locality.txt" 2>>"$log"; then
    failed_gate "lode bench locality --quick" "$(tail -n 3 "$log")"
  fi
  verified --locality "$bench_reports/locality.json" --locality-html "$bench_reports/locality.html"
  verified --kv "$bench_reports/kv.json" --html "$bench_reports/kv.html" --persist "$bench_reports/persist.json"
  verified --kv "$bench_reports/rivals.json"
  verified --kv "$bench_reports/cleaning.json"
  bad_input_is_refused
}

# Adds a result for each fact that is checked of the reports.
verified() {
  local found
  found=$(LODE_NO_BUILD=1 "$root/lode" bench verify "$@") || true
  if [ -z "$found" ]; then
    failed_gate "lode bench verify" "nothing was checked: $*"
  else
    printf '%s\n' "$found" >>"$results/tests"
  fi
}

# Each is refused before anything is touched, with the exit status that scripts rely on.
bad_input_is_refused() {
  local folder before
  folder=$(mktemp -d "$results/foreign.XXXXXX")
  touch "$folder/foreign"
  before=$(find /dev/shm -maxdepth 1 -name 'lode-bench-*' | wc -l)
  refused 2 --rivals berkeley
  refused 2 --workload sort
  refused 2 --json "$folder/missing/kv.json"
  refused 2 --medium "$folder"
  refused 5 --keys 900000000
  if [ "$(find "$folder" -type f | wc -l)" = 1 ] \
    && [ "$(find /dev/shm -maxdepth 1 -name 'lode-bench-*' | wc -l)" -le "$before" ]; then
    passed_gate "bench kv: bad input leaves nothing behind"
  else
    failed_gate "bench kv: bad input leaves nothing behind" "see $folder and /dev/shm"
  fi
}

refused() {
  local status=0
  LODE_NO_BUILD=1 "$root/lode" bench kv --quick "${@:2}" >/dev/null 2>&1 || status=$?
  if [ "$status" = "$1" ]; then
    passed_gate "bench kv: ${*:2} is refused"
  else
    failed_gate "bench kv: ${*:2} is refused" "exit status $status in place of $1"
  fi
}
