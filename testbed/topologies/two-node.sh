# shellcheck shell=bash
# Two nodes with two CPUs each, an NVDIMM on each, a spare one on node 0. The power supply keeps the memory controller
# alive (ADR), so a store must be flushed out of the CPU caches.
machine q35,nvdimm=on,nvdimm-persistence=mem-ctrl
node 0 1536M cpus=0-1
node 1 1536M cpus=2-3
distance 0 1 21
nvdimm 1G 0
nvdimm 1G 1
nvdimm 256M 0
