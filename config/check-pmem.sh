# shellcheck shell=bash
# Sourced by ./check for `./check pmem [--differential N] [--json]`: compares the library with Debian's libpmem2 in N
# cases (500) and N reservation scripts, and sums up: cases, differences, what is covered, what leaks. The exit status
# is 0 only when nothing differs outside the deviations that the tests name and every test passed.
: "${root:?}" "${fast_programs[*]:?}"

check_pmem() {
  local cases=500 format=text reports=$root/pmem/target/reports/pmem log=$root/.lode/check-pmem.log status=0
  while [ $# -gt 0 ]; do
    case $1 in
      --differential)
        cases=${2-}
        shift
        ;;
      --json) format=json ;;
      *) cases="" ;;
    esac
    [ $# = 0 ] || shift
  done
  if ! [[ $cases =~ ^[1-9][0-9]{0,6}$ ]]; then
    echo "usage: ./check pmem [--differential CASES] [--json]" >&2
    return 2
  fi
  require_packages "${fast_programs[@]}" || return 1
  JAVA_HOME=$(find_jdk25) || return 1
  export JAVA_HOME
  rm -rf "$reports"
  mkdir -p "$root/.lode"
  with_build_lock maven "$JAVA_HOME" -q -B -pl pmem -Dtest='*DifferentialTest,CoverageTest,MapLeakTest' -Dlode.cases="$cases" test \
    >"$log" 2>&1 </dev/null || status=1
  if [ "$status" != 0 ]; then
    grep '^\[ERROR\]' "$log" | head -n 20 >&2
    echo "check pmem: failed (whole log: $log)" >&2
  fi
  summarize_pmem "$reports" "$format" || status=1
  return "$status"
}

# Reads the reports, lines of a number and a name, and prints them as text or JSON. Fails when a report is missing.
summarize_pmem() {
  local files=("$1"/differential* "$1/functions" "$1/codes" "$1/leaks")
  if [ ${#files[@]} != 5 ] || ! cat "${files[@]}" >/dev/null; then
    echo "check pmem: a report is missing" >&2
    return 1
  fi
  awk -F '\t' -v format="$2" '
    $2 == "cases" { cases += $1; next }
    $2 == "differing" { differing += $1; next }
    sub(/^allowed: /, "", $2) { allowed[$2] += $1; next }
    $2 ~ /^functions covered/ { functions = $1; next }
    $2 ~ /^codes shown/ { shown = $1; next }
    $2 ~ /^codes that cannot/ { never = $1; next }
    $2 ~ /^codes not shown/ { missing = $1; next }
    { leaks[$2] = $1 }
    END {
      left = leaks["maps"] + leaks["descriptors"] + leaks["counted"]
      if (format == "json") {
        printf "{\"cases\":%d,\"differing\":%d,\"allowed\":{", cases, differing
        for (name in allowed) printf "%s\"%s\":%d", comma++ ? "," : "", name, allowed[name]
        printf "},\"functions\":{\"covered\":%d,\"of\":49},", functions
        printf "\"codes\":{\"shown\":%d,\"cannotCome\":%d,\"notYet\":%d,\"of\":37},", shown, never, missing
        printf "\"leaks\":%d,\"mapCycles\":%d,\"addressKib\":%d}\n", left, leaks["cycles"], leaks["addressKib"]
      } else {
        printf "cases      %d\ndiffering  %d\n", cases, differing
        for (name in allowed) printf "allowed    %d: %s\n", allowed[name], name
        printf "functions  %d of 49 covered\n", functions
        printf "codes      %d of 37 shown by a test, %d cannot come, %d not yet\n", shown, never, missing
        printf "leaks      %d in %d map cycles (%d KiB of address space)\n", left, leaks["cycles"], leaks["addressKib"]
      }
      exit differing != 0
    }' "${files[@]}"
}
