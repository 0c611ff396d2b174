# shellcheck shell=bash
# shellcheck disable=SC2034 # boot.sh uses what is set here
# Sourced by testbed/run: the kernel and the first file system of the machine, made once from Debian's packages.
# Nothing is installed for it but tools. Sets `kernel` and `initramfs`.
: "${here:?}" "${cache:?}"

# 9p: the host's files; virtio_console: output; the rest: persistent memory and what is put on it.
kernel_modules=(9p 9pnet_virtio virtio_pci virtio_console nfit nd_pmem dax_pmem device_dax nd_btt kmem fuse ext4 xfs overlay
  dm_mod dm_delay loop cxl_acpi cxl_pci cxl_mem cxl_port cxl_pmem)

prepare_image() {
  local lock key unpacked=$cache/kernel version
  mkdir -p "$cache"
  exec {lock}>"$cache/lock"
  flock "$lock"
  [ -d "$unpacked" ] || download_kernel "$unpacked" || return 1
  version=$(basename "$unpacked"/lib/modules/*)
  key=$({ cat "$here/guest/init" && echo "$version ${kernel_modules[*]}"; } | sha256sum | cut -c 1-16)
  kernel=$unpacked/boot/vmlinuz-$version
  initramfs=$cache/initramfs-$key.gz
  [ -f "$initramfs" ] || pack_initramfs "$unpacked" "$version" || return 1
  exec {lock}>&-
}

download_kernel() {
  local package part=$1.part
  package=$(apt-cache depends linux-image-amd64 2>/dev/null | awk '/Depends: linux-image-/ { print $2; exit }')
  if [ -z "$package" ]; then
    echo "testbed: apt does not know linux-image-amd64: run apt-get update (a Debian host is needed)" >&2
    return 1
  fi
  echo "testbed: downloading $package, once, to $cache" >&2
  rm -rf "$part"
  mkdir -p "$part"
  # As root apt would download as a user that may not write here.
  if ! (cd "$part" && apt-get download -q -o APT::Sandbox::User=root "$package") >"$cache/download.log" 2>&1; then
    tail -n 3 "$cache/download.log" >&2
    echo "testbed: cannot download $package: run apt-get update, look at the network" >&2
    return 1
  fi
  dpkg-deb -x "$part/$package"_*.deb "$part" && rm -f "$part/$package"_*.deb && depmod -b "$part" "$(basename "$part"/lib/modules/*)" \
    && mv "$part" "$1"
}

pack_initramfs() {
  local tree=$cache/initramfs.part module path
  rm -rf "$tree"
  mkdir -p "$tree"/{bin,modules,proc,sys,dev,host}
  cp "$(command -v busybox)" "$tree/bin/busybox"
  cp "$here/guest/init" "$tree/init"
  # -C /dev/null: a rule that ndctl installs for modprobe hides libnvdimm from --show-depends.
  for module in "${kernel_modules[@]}"; do
    modprobe -C /dev/null -d "$1" -S "$2" --show-depends "$module" 2>/dev/null | awk '$1 == "insmod" { print $2 }' || true
  done | awk '!seen[$0]++' >"$tree/modules/paths"
  while read -r path; do
    cp "$path" "$tree/modules/" && basename "$path" >>"$tree/modules/order"
  done <"$tree/modules/paths"
  (cd "$tree" && find . | cpio -o -H newc --quiet | gzip -1) >"$initramfs.part" && mv "$initramfs.part" "$initramfs"
  rm -rf "$tree"
}
