# shellcheck shell=bash
# shellcheck disable=SC2034 # who sources it picks the lists it needs
# Sourced: which Debian packages hold the programs and libraries that are used, and how a missing one gets here.

PATH=$PATH:/usr/sbin:/sbin
# program:package
fast_programs=(mvn:maven shellcheck:shellcheck flock:util-linux cc:build-essential)
testbed_programs=(qemu-system-x86_64:qemu-system-x86 busybox:busybox-static cpio:cpio modprobe:kmod ndctl:ndctl
  daxctl:daxctl cxl:cxl numactl:numactl mkfs.ext4:e2fsprogs mkfs.xfs:xfsprogs dmsetup:dmsetup setpriv:util-linux)
# library:package
libraries=(libpmem.so.1:libpmem1 libpmem2.so.1:libpmem2 libndctl.so.6:libndctl6 libdaxctl.so.1:libdaxctl1 libnuma.so.1:libnuma1)

# Prints the packages of what is missing of the given program:package pairs and of the libraries.
missing_packages() {
  local entry known
  known=$(ldconfig -p)
  for entry in "$@"; do
    command -v "${entry%%:*}" >/dev/null || echo "${entry##*:}"
  done
  for entry in "${libraries[@]}"; do
    [[ $known == *"${entry%%:*}"* ]] || echo "${entry##*:}"
  done
}

# Installs what is missing when it may, or says on standard error what is.
require_packages() {
  local log packages
  mapfile -t packages < <(missing_packages "$@")
  [ ${#packages[@]} -gt 0 ] || return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing ${packages[*]}" >&2
    log=$(mktemp)
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${packages[@]}"; } \
      >"$log" 2>&1 </dev/null || tail -n 5 "$log" >&2
    rm -f "$log"
    # An installed program may still be out of reach, so what counts is whether it is found now.
    hash -r
    mapfile -t packages < <(missing_packages "$@")
    [ ${#packages[@]} -gt 0 ] || return 0
  fi
  echo "missing packages; install them, and have their programs on PATH: apt install ${packages[*]}" >&2
  return 1
}
