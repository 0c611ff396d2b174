# shellcheck shell=bash
# Devices whose namespaces tests destroy, make anew, renumber and give to other drivers, which no other test would
# survive. What becomes system RAM has room for two blocks of memory; on the third there is room for several namespaces.
machine q35,nvdimm=on,nvdimm-persistence=mem-ctrl
node 0 1536M cpus=0-1
node 1 1536M cpus=2-3
nvdimm 256M 0
nvdimm 512M 1
nvdimm 512M 0
