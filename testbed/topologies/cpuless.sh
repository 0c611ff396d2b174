# shellcheck shell=bash
# Two nodes with CPUs, one with memory only, one with nothing but an NVDIMM. HMAT says that both are nearest to node 1.
# The kernel gives the second NVDIMM a numa_node with memory and no CPUs, and a target_node of its own.
machine q35,nvdimm=on,nvdimm-persistence=mem-ctrl,hmat=on
node 0 1280M cpus=0-1,initiator=0
node 1 1280M cpus=2-3,initiator=1
node 2 512M initiator=1
node 3 - initiator=1
distance 0 1 21
distance 0 2 31
distance 1 2 17
distance 0 3 48
distance 1 3 38
distance 2 3 14
for target in 0 1 2 3; do
  for initiator in 0 1; do
    # Nearer to initiator 1, and the further the higher the number of the target.
    latency=$((5 + target * 5 + (initiator == 1 ? 0 : 3)))
    access "$initiator" "$target" "$latency" "$((200 - latency * 5))M"
  done
done
nvdimm 1G 0
nvdimm 1G 3
