#!/usr/bin/env bash
# What was synced before the power went is there at the next boot, whether the machine cuts its own power or loses it.
set -euo pipefail
devices=$1
run=$(dirname -- "$(readlink -f -- "$0")")/../run

# expect_cut COMMAND…: runs what must end with the power cut.
expect_cut() {
  local status=0
  "$@" || status=$?
  [ "$status" = 204 ] || {
    echo "expected the power to be cut, got exit status $status"
    exit 1
  }
}

# shellcheck disable=SC2016 # the machine is to expand it
{
  expect_cut "$run" --keep "$devices" --cut-on '^synced$' -- \
    bash -c 'echo first >"$LODE_FSDAX/first" && sync "$LODE_FSDAX/first" "$LODE_FSDAX" && echo synced && sleep infinity'
  expect_cut "$run" --keep "$devices" -- \
    bash -c 'echo second >"$LODE_FSDAX/second" && sync "$LODE_FSDAX/second" "$LODE_FSDAX" && testbed/power-off'
  [ "$("$run" --keep "$devices" -- bash -c 'cat "$LODE_FSDAX/first" "$LODE_FSDAX/second"')" = $'first\nsecond' ]
}
