#!/usr/bin/env bash
# Linux, xfs made with reflink, full: what allocation says of blocks that are there, and of blocks that are shared.
#
#  1. fallocate(2) over a range that is wholly allocated, written and not shared fails with ENOSPC (28), although nothing
#     needs to be allocated.
#  2. madvise(2) with MADV_POPULATE_WRITE over a block that is shared with a clone (FICLONE), where there is no room for a
#     copy, fails with EFAULT (14) and not with ENOSPC. (A store there is SIGBUS; it is not tried here.)
#
# Seen with Linux 6.18 and xfsprogs 6.1.0-1 on a loop device; run as root.
# Exit status 0: as seen. 1: it has changed. 2: could not be tried.
set -euo pipefail
version=6.1.0-1
seen="fallocate of what is allocated: 28; populate of what is shared: 14; the same with room: 0"
folder=$(mktemp -d)
trap 'umount "$folder/mount" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
(apt-get download -q -o APT::Sandbox::User=root "xfsprogs=$version" && dpkg-deb -x xfsprogs_*.deb xfs) >apt.log 2>&1 \
  || { tail -n 3 apt.log; exit 2; }
truncate -s 400M image
xfs/sbin/mkfs.xfs -q -m reflink=1 image || exit 2
mkdir mount
mount -o loop image mount || exit 2
cat >try.py <<'PYTHON'
import ctypes, mmap, os, subprocess
libc = ctypes.CDLL(None, use_errno=True)
libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
libc.fallocate.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_long, ctypes.c_long]
SIZE, KEEP_SIZE, POPULATE_WRITE = 16 << 20, 1, 23
def errno(result): return 0 if result == 0 else ctypes.get_errno()
def fill():
    with open('mount/filler', 'wb', buffering=0) as out:
        try:
            while True: out.write(bytes(4096))
        except OSError: pass
    os.sync()
with open('mount/file', 'wb') as out: out.write(b'1' * SIZE)
os.sync()
fd = os.open('mount/file', os.O_RDWR)
memory = mmap.mmap(fd, SIZE)
address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
fill()
allocated = errno(libc.fallocate(fd, KEEP_SIZE, 0, SIZE))
os.unlink('mount/filler')
os.sync()
subprocess.check_call(['cp', '--reflink=always', 'mount/file', 'mount/clone'])
fill()
shared = errno(libc.madvise(address, 4096, POPULATE_WRITE))
os.unlink('mount/filler')
os.sync()
room = errno(libc.madvise(address, 4096, POPULATE_WRITE))
print(f'fallocate of what is allocated: {allocated}; populate of what is shared: {shared}; the same with room: {room}')
PYTHON
now=$(python3 try.py)
echo "Linux $(uname -r), xfsprogs $version"
echo "seen: $seen"
echo "now:  $now"
[ "$now" = "$seen" ]
