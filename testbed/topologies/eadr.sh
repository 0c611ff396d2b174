# shellcheck shell=bash
# As two-node, but the power supply keeps the CPU caches alive too (eADR): persistence domain cpu_cache.
machine q35,nvdimm=on,nvdimm-persistence=cpu
node 0 1536M cpus=0-1
node 1 1536M cpus=2-3
distance 0 1 21
nvdimm 1G 0
nvdimm 1G 1
