#!/usr/bin/env bash
# What three pools acknowledged, one on fsdax, one on devdax and one in an ordinary file on a disk, is there after five
# power cuts in the middle of writing, each at another point; the sixth boot only looks. What was not synced to the disk
# is lost with the machine's page cache.
set -euo pipefail
devices=$1
root=$(readlink -f -- "$(dirname -- "$0")/../..")
cuts=(40 90 155 230 301)

class_path=$root/kvstore/target/test-classes:$root/kvstore/target/classes:$(cat "$root/kvstore/target/test-class-path")
# boot RUN-OPTIONS -- COUNT go-on|stop
boot() {
  local options=()
  while [ "$1" != -- ]; do options+=("$1") && shift; done
  # shellcheck disable=SC2016 # the machine is to expand it
  "$root/testbed/run" --keep "$devices" "${options[@]}" -- bash -c \
    '[ -n "$(blkid -o value -s TYPE "$LODE_SPARE")" ] || mkfs.ext4 -F -q -b 4096 "$LODE_SPARE" || exit
    mkdir -p /run/disk && mount "$LODE_SPARE" /run/disk &&
      java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -cp "$1" io.lode.kv.PowerCutProgram \
        "${@:2}" "CACHE_LINE:$LODE_FSDAX/pool" "CACHE_LINE:$LODE_DEVDAX" PAGE:/run/disk/pool' \
    bash "$class_path" "${@:2}"
}

acknowledged=0
for cut in "${cuts[@]}"; do
  status=0
  boot --cut-on "^acknowledged $cut\$" -- "$acknowledged" go-on || status=$?
  if [ "$status" != 204 ]; then
    echo "expected the power to be cut after $cut puts, got exit status $status"
    exit 1
  fi
  acknowledged=$cut
done
boot -- "$acknowledged" stop
