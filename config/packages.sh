# shellcheck shell=bash
# shellcheck disable=SC2034 # whoever sources this picks the lists it needs
# Sourced: which Debian packages hold the programs and libraries that are used, and how a missing one gets here. Nothing
# else may be used that a minimal Debian lacks: config/programs.sh looks for it, and ./check fresh would miss it.

PATH=$PATH:/usr/sbin:/sbin
# program:package
fast_programs=(shellcheck:shellcheck flock:util-linux cc:gcc as:binutils objdump:binutils numactl:numactl
  aarch64-linux-gnu-as:binutils-aarch64-linux-gnu qemu-aarch64:qemu-user)
testbed_programs=(qemu-system-x86_64:qemu-system-x86 busybox:busybox-static cpio:cpio modprobe:kmod ndctl:ndctl
  daxctl:daxctl cxl:ndctl mkfs.ext4:e2fsprogs mkfs.xfs:xfsprogs dmsetup:dmsetup setpriv:util-linux)
fresh_programs=(mmdebstrap:mmdebstrap unshare:util-linux)
# library:package, or a header's path where it is what a program is compiled with
libraries=(libpmem.so.1:libpmem1 libpmem2.so.1:libpmem2 libndctl.so.6:libndctl6 libdaxctl.so.1:libdaxctl1 libnuma.so.1:libnuma1
  /usr/include/stdio.h:libc6-dev)

# Prints the packages of what is missing of the given program:package pairs and of the libraries.
missing_packages() {
  local entry known
  known=$(ldconfig -p)
  for entry in "$@"; do
    command -v "${entry%%:*}" >/dev/null || echo "${entry##*:}"
  done
  for entry in "${libraries[@]}"; do
    [[ $known == *"${entry%%:*}"* ]] || [ -e "${entry%%:*}" ] || echo "${entry##*:}"
  done
}

# Installs what is missing when it may, or says on standard error what is.
require_packages() {
  local packages
  mapfile -t packages < <(missing_packages "$@" | sort -u)
  [ ${#packages[@]} -gt 0 ] || return 0
  if install_packages "${packages[@]}"; then
    # An installed program may still be out of reach, so what counts is whether it is found now.
    hash -r
    mapfile -t packages < <(missing_packages "$@" | sort -u)
    [ ${#packages[@]} -gt 0 ] || return 0
  fi
  echo "missing packages; install them, and have their programs on PATH: apt install ${packages[*]}" >&2
  return 1
}

# True for root on a system that has apt.
can_install() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null
}

# Installs packages; where that may not be done it says nothing and fails.
install_packages() {
  local log status=0
  can_install || return 1
  echo "installing $*" >&2
  log=$(mktemp)
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"; } \
    >"$log" 2>&1 </dev/null || { status=$? && tail -n 5 "$log" >&2; }
  rm -f "$log"
  return "$status"
}

# True when a package can be installed: one that others only name has no candidate. All is read: a reader that stops
# early (grep -q) would end apt-cache by SIGPIPE, and with it the pipeline.
is_known_package() {
  apt-cache policy "$1" 2>/dev/null | grep '^  Candidate: [^(]' >/dev/null
}

# Prints the listed packages that this system's package lists do not know.
unknown_packages() {
  local entry
  local -A packages=()
  for entry in "${fast_programs[@]}" "${testbed_programs[@]}" "${fresh_programs[@]}" "${libraries[@]}"; do
    packages[${entry##*:}]=1
  done
  # A package that others only name has no candidate to install; an unknown one has no paragraph.
  printf '%s\n' "${!packages[@]}" | grep -vxF "$(apt-cache policy "${!packages[@]}" \
    | awk '/^[^ ].*:$/ { name = substr($0, 1, length($0) - 1) } /^  Candidate: [^(]/ { print name }')"
  return 0
}
