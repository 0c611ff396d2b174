# shellcheck shell=bash
# shellcheck disable=SC2154 # testbed/run sets what is used here
# Sourced by testbed/run: starts QEMU, watches it, says how it ended.
# The machine and the host talk through a folder, $work/channel: the command goes in, the phase and the status come out.
: "${here:?}" "${root:?}" "${cache:?}"

channel="" machine_pid="" readers=()
# What guards a machine against its users only costs an emulated one time.
# On a busy host the timer is late, and the kernel, which checks it while it boots, would give up.
tuning="mitigations=off init_on_alloc=0 no_timer_check"

# Writes what the machine is to do: the command, and the environment that it gets.
write_channel() {
  channel=$work/channel
  mkdir -p "$channel"
  printf '%s\0' "$@" >"$channel/command"
  cp "$here/guest/main" "$channel/main"
  {
    printf 'export LODE_TESTBED=1 LODE_NO_BUILD=1 LODE_TOPOLOGY=%q LODE_PROJECT=%q\n' "$topology" "$root"
    printf 'export JAVA_HOME=%q HOME=%q LODE_SHARE=%q\n' "$jdk" "$HOME" "${share:+/mnt/share}"
  } >"$channel/environment"
  # In the machine these folders get file systems of their own, which would hide what is below them.
  local path
  for path in "$root" "$jdk" "$HOME/.m2"; do
    case $path in /tmp/* | /run/* | /dev/*) [ ! -d "$path" ] || printf '%s\n' "$path" ;; esac
  done >"$channel/keep-in-sight"
}

# Starts QEMU in the background. It dies with this shell, however that ends, and after its time at the latest.
start_machine() {
  local options
  mapfile -t options < <(machine_arguments)
  options+=(-kernel "$kernel" -initrd "$initramfs" -append "console=ttyS0 panic=-1 quiet $tuning"
    -serial "file:$work/console" -pidfile "$work/pid"
    -device "virtio-serial-pci,bus=pcie.0"
    -chardev "file,id=out,path=$work/out" -device "virtserialport,chardev=out,name=out"
    -chardev "file,id=err,path=$work/err" -device "virtserialport,chardev=err,name=err")
  share_folder host / ,readonly=on,multidevs=remap
  share_folder channel "$channel" ,multidevs=remap
  [ -z "$share" ] || share_folder share "$share" ,multidevs=remap
  mkfifo "$work/out" "$work/err"
  if [ -n "$cut_on" ]; then cut_power_on "$cut_on" <"$work/out" & else cat <"$work/out" & fi
  readers+=($!)
  cat <"$work/err" >&2 &
  readers+=($!)
  setpriv --pdeathsig TERM timeout -k 5 "$seconds" setpriv --pdeathsig KILL \
    qemu-system-x86_64 "${options[@]}" </dev/null >"$work/qemu.log" 2>&1 &
  machine_pid=$!
}

# share_folder TAG PATH OPTIONS: lets the machine mount a folder of the host.
share_folder() {
  options+=(-fsdev "local,id=$1,path=${2//,/,,},security_model=none$3"
    -device "virtio-9p-pci,bus=pcie.0,fsdev=$1,mount_tag=$1")
}

# Copies lines; at the first that matches, kills QEMU as a power failure would.
cut_power_on() {
  local line
  while IFS= read -r line; do
    printf '%s\n' "$line"
    if [[ $line =~ $1 ]]; then kill -KILL "$(cat "$work/pid")" 2>/dev/null; fi
  done
}

stop_machine() {
  [ -z "$machine_pid" ] || kill -TERM "$machine_pid" 2>/dev/null
  [ ! -s "$work/pid" ] || kill -KILL "$(cat "$work/pid")" 2>/dev/null
  [ ${#readers[@]} = 0 ] || kill "${readers[@]}" 2>/dev/null
  wait
}

# Waits for QEMU to end and for the last of the output, and returns what testbed/run exits with.
wait_for_machine() {
  local started=$SECONDS ended=0 phase late=""
  # A machine that hangs is told from one that is slow: of the time that it was given, the boot may take the half.
  local boot_limit=$(((seconds + 1) / 2))
  # Bash would tell the user that it found a job killed.
  {
    while [ -z "$late" ] && kill -0 "$machine_pid"; do
      sleep 0.1
      if [ $((SECONDS - started)) -ge "$boot_limit" ] && [ "$(cat "$channel/phase")" != ready ]; then late=yes; fi
    done
    [ -n "$late" ] || wait "$machine_pid" || ended=$?
  } 2>/dev/null
  if [ -n "$late" ]; then
    report "the boot took longer than $boot_limit seconds, half of the --timeout"
    return 201
  fi
  machine_pid=""
  # QEMU held the other ends of the pipes; a reader still waiting to open its own never will.
  if [ -e "$work/pid" ] || [ -s "$work/console" ]; then wait "${readers[@]}" 2>/dev/null; fi
  phase=$(cat "$channel/phase" 2>/dev/null || echo "before init ran")
  [ -z "${LODE_TESTBED_BOOTS-}" ] || [ "$phase" != ready ] || echo "$topology" >>"$LODE_TESTBED_BOOTS"
  if [ -s "$channel/status" ]; then return "$(cat "$channel/status")"; fi
  if grep -q 'Kernel panic' "$work/console" 2>/dev/null; then
    report "the kernel panicked"
    grep -m 1 -B 3 -A 3 'Kernel panic' "$work/console" | sed 's/^/testbed: console: /' >&2
    return 202
  elif [ "$ended" = 124 ] || { [ "$ended" = 137 ] && [ $((SECONDS - started)) -ge "$seconds" ]; }; then
    report "the time was up: $seconds seconds (phase: $phase)"
    return 203
  elif [ "$phase" != ready ]; then
    report "the boot failed (phase: $phase)"
    return 201
  fi
  echo "testbed: the power was cut before the command ended" >&2
  return 204
}

# Says what went wrong, with the last that QEMU and the kernel said.
report() {
  echo "testbed: $1" >&2
  tail -n 5 "$work/qemu.log" >&2
  tail -n 15 "$work/console" 2>/dev/null | sed 's/^/testbed: console: /' >&2
}
