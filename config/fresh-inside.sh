#!/usr/bin/env bash
# fresh-inside.sh ROOT PROJECT JDK [ARGUMENT…]: the inner half of `./check fresh`, run in namespaces of its own: mounts
# what a system has, goes into ROOT and runs ./check there.
set -euo pipefail
fresh=$1 project=$2 jdk=$3
shift 3

# A root is a mount: programs that make it private for a namespace of theirs fail otherwise.
mount --bind "$fresh" "$fresh"
mount -t proc proc "$fresh/proc"
mount --rbind /sys "$fresh/sys"
mount --rbind /dev "$fresh/dev"
mount -t tmpfs -o mode=1777 shm "$fresh/dev/shm"
mount -t tmpfs -o mode=1777 tmp "$fresh/tmp"
mkdir -p "$fresh/opt/jdk-25" "$fresh$HOME/.m2/repository" "$HOME/.m2/repository"
mount --bind "$jdk" "$fresh/opt/jdk-25"
mount -o remount,bind,ro "$fresh/opt/jdk-25"
mount --bind "$HOME/.m2/repository" "$fresh$HOME/.m2/repository"

# Of the environment: where proxies and certificates are, and what is asked of Maven. The rest is a new user's.
kept=(HOME="$HOME" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TERM="${TERM:-dumb}")
while IFS= read -r -d '' variable; do
  case $variable in
    [a-z]*_proxy=* | [A-Z]*_PROXY=* | SSL_CERT_*=* | MAVEN_ARGS=* | MVNW_*=* | CI=*) kept+=("$variable") ;;
  esac
done </proc/self/environ

status=0
chroot "$fresh" env -i "${kept[@]}" bash -c 'cd /root/lode && exec ./check "$@"' check "$@" || status=$?
# shellcheck disable=SC2016 # dpkg-query expands it
# What was installed beyond the minimal system, by the project's scripts alone.
chroot "$fresh" dpkg-query -W --showformat='${Package}\n' | sort | comm -13 "$fresh/root/packages" - >"$project/.lode/fresh/installed"
cp -r "$fresh"/root/lode/.lode/*.log "$project/.lode/fresh/" 2>/dev/null || true
exit "$status"
