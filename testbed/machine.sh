# shellcheck shell=bash
# Sourced by testbed/run: the words of which a topology is made. Each adds to the arguments of QEMU.
: "${devices:?the folder of the backing files}"

arguments=()
# One thread for all CPUs: with one for each a boot takes half as much processor time again, and on a busy host the
# threads wait for each other. The other cores can run another machine. Page tables of four levels are walked faster.
accelerator=(-accel "tcg,thread=single" -cpu "max,la57=off")
nodes=0 nvdimms=0 memory_mib=0 cxl_devices=0

mib() {
  case $1 in
    *G) echo $((${1%G} * 1024)) ;;
    *M) echo "${1%M}" ;;
    *) echo "a size ends in M or G: $1" >&2 && return 1 ;;
  esac
}

# backing NAME SIZE: a file that keeps its bytes from boot to boot; prints its path.
backing() {
  [ -f "$devices/$1" ] || truncate -s "$2" "$devices/$1"
  printf '%s\n' "$devices/$1"
}

# machine QEMU-MACHINE
machine() { arguments+=(-machine "$1"); }

# processor single|multi MODEL: threads of the emulator, and the CPU it plays.
processor() { accelerator=(-accel "tcg,thread=$1" -cpu "$2"); }

# node NUMBER MEMORY|- [QEMU-OPTIONS]: nodes are named in order, from 0; - is a node without memory.
node() {
  local options=nodeid=$1
  if [ "$2" != - ]; then
    arguments+=(-object "memory-backend-ram,id=memory$1,size=$2")
    options+=",memdev=memory$1"
    memory_mib=$((memory_mib + $(mib "$2")))
  fi
  arguments+=(-numa "node,$options${3+,$3}")
  nodes=$((nodes + 1))
}

# distance NODE NODE SLIT-VALUE
distance() { arguments+=(-numa "dist,src=$1,dst=$2,val=$3"); }

# access INITIATOR TARGET LATENCY BANDWIDTH: a row of the HMAT.
access() {
  local row="hmat-lb,initiator=$1,target=$2,hierarchy=memory"
  arguments+=(-numa "$row,data-type=access-latency,latency=$3" -numa "$row,data-type=access-bandwidth,bandwidth=$4")
}

# nvdimm SIZE NODE
nvdimm() {
  local id=nvdimm$nvdimms file
  file=$(backing "$id" "$1")
  # A size that is a multiple of 128 MiB, and aligned so, is what the kernel can map with huge pages.
  arguments+=(-object "memory-backend-file,id=$id,share=on,mem-path=$file,size=$1,align=128M"
    -device "nvdimm,id=dimm$nvdimms,memdev=$id,node=$2,label-size=128K")
  nvdimms=$((nvdimms + 1))
}

# cxl_memory SIZE NODE: a persistent Type 3 device behind a host bridge on the node. The bridge has a second, empty port:
# below a bridge with one port the kernel programs no address decoder of the bridge, and QEMU before 8.0 then drops what
# is written and reads zeros.
cxl_memory() {
  local n=$cxl_devices file labels
  file=$(backing "cxl$n" "$1")
  labels=$(backing "cxl$n.labels" 128M)
  arguments+=(-object "memory-backend-file,id=cxl-data$n,share=on,mem-path=$file,size=$1"
    -object "memory-backend-file,id=cxl-labels$n,share=on,mem-path=$labels,size=128M"
    -device "pxb-cxl,bus_nr=$((12 + n * 16)),bus=pcie.0,id=cxl.$((n + 1)),numa_node=$2"
    -device "cxl-rp,port=0,bus=cxl.$((n + 1)),id=cxl-port$n,chassis=$n,slot=$((n + 2))"
    -device "cxl-rp,port=1,bus=cxl.$((n + 1)),id=cxl-empty-port$n,chassis=$((n + 64)),slot=$((n + 2))"
    -device "cxl-type3,bus=cxl-port$n,memdev=cxl-data$n,lsa=cxl-labels$n,id=cxl-memory$n,sn=0x$((1234 + n))")
  cxl_devices=$((cxl_devices + 1))
}

# Prints the arguments for QEMU, one a line: those of the topology and those of every machine.
machine_arguments() {
  printf '%s\n' "${accelerator[@]}" -smp 4 -m "${memory_mib}M,slots=8,maxmem=16G" "${arguments[@]}" \
    -display none -monitor none -no-reboot -nic none
}
