# shellcheck shell=bash
# Sourced by ./check for `./check fresh`: runs ./check on a minimal Debian 12 that is made for it and gone afterwards.
# What the project uses and its own scripts do not install is missed there. Of this system come along: a JDK 25, read-only,
# as the only program; settings of apt, proxies, certificates and Maven; and what Maven has downloaded. Maven itself does
# not: the wrapper brings it.
: "${root:?}" "${results:?}" "${fresh_programs[*]:?}"

debian=bookworm
# Where there is room: a root with everything installed takes 2 GiB.
fresh_root=${TMPDIR:-/var/tmp}/lode-fresh.$$

# check_fresh [ARGUMENT…]: runs ./check with the arguments in a root of its own, and ends with its exit status.
check_fresh() {
  local jdk status=0
  [ "$(id -u)" = 0 ] || fresh_trouble "a root file system can be made by root only"
  require_packages "${fresh_programs[@]}" || fresh_trouble "mmdebstrap is needed to make a root file system"
  jdk=$(find_jdk25) || fresh_trouble "no JDK 25"
  trap 'rm -rf --one-file-system "$fresh_root" "$results"' EXIT
  part root make_root
  [ -e "$fresh_root/etc/debian_version" ] || fresh_trouble "the root file system could not be made"
  rm -rf "$root/.lode/fresh"
  mkdir -p "$root/.lode/fresh"
  # Mounts and processes end with it, however it ends. The namespaces are its own, so nothing here sees the mounts.
  unshare --mount --pid --fork --kill-child=KILL --propagation private \
    bash "$root/config/fresh-inside.sh" "$fresh_root" "$root" "$jdk" "$@" </dev/null \
    | all_but_the_last_line "$results/counts" || status=$?
  parts
  echo "Debian $(cat "$fresh_root/etc/debian_version"), $(wc -l <"$root/.lode/fresh/installed") packages installed (.lode/fresh/installed)"
  cat "$results/counts"
  exit "$status"
}

# Passes lines on as they come; the last one goes to a file.
all_but_the_last_line() {
  awk -v file="$1" 'NR > 1 { print last; fflush() } { last = $0 } END { print last >file }'
}

fresh_trouble() {
  echo "FAILED fresh: $1"
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
}

# Makes the root from this system's sources of Debian 12, whichever they are.
make_root() {
  local sources log=$root/.lode/fresh.log
  mkdir -p "$root/.lode"
  mapfile -t sources < <(grep -lsE "^(deb|Suites:).* $debian( |-updates|\$)|^Suites:.*[ /]$debian-security" \
    /etc/apt/sources.list /etc/apt/sources.list.d/*)
  if [ ${#sources[@]} = 0 ]; then
    failed_gate "root" "no source of packages for $debian in /etc/apt"
    return
  fi
  apt-config dump | grep '^Acquire::' >"$results/apt.conf" || true
  if ! mmdebstrap --mode=root --variant=minbase --aptopt="$results/apt.conf" "$debian" "$fresh_root" "${sources[@]}" \
    >"$log" 2>&1 </dev/null; then
    rm -rf --one-file-system "$fresh_root"
    failed_gate "root" "$(tail -n 15 "$log")"
    return
  fi
  cp "$results/apt.conf" "$fresh_root/etc/apt/apt.conf.d/90-as-outside"
  # Nothing of it is to last, so nothing has to be synced.
  echo force-unsafe-io >"$fresh_root/etc/dpkg/dpkg.cfg.d/unsafe-io"
  settings_of_this_system | tar -chf - --ignore-failed-read -T - 2>/dev/null | tar -xf - -C "$fresh_root"
  copy_project "$fresh_root/root/lode"
  rm -f "$fresh_root/root/lode/.mvn/wrapper/maven-wrapper.jar"
  dpkg-query --admindir="$fresh_root/var/lib/dpkg" -W -f '${Package}\n' | sort >"$fresh_root/root/packages"
}

# Prints the paths of what is configuration here and has to be there.
settings_of_this_system() {
  local path
  for path in /etc/apt/auth.conf /etc/apt/auth.conf.d /etc/apt/preferences.d /usr/share/keyrings /etc/ssl/certs /usr/local/share/ca-certificates \
    /etc/hosts /etc/resolv.conf "$HOME/.m2/settings.xml" "$HOME/.m2/settings-security.xml" "$HOME/.mavenrc"; do
    [ ! -e "$path" ] || printf '%s\n' "$path"
  done
}
