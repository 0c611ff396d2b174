# shellcheck shell=bash
# An NVDIMM on node 0 and CXL persistent memory behind a bridge on node 1. The kernel reports a wrong numa_node for the
# latter. A CPU without the hypervisor bit: the kernel makes CXL regions only where it may flush caches, and it believes
# that no guest may.
processor single max,la57=off,-hypervisor
machine q35,cxl=on,nvdimm=on,cxl-fmw.0.targets.0=cxl.1,cxl-fmw.0.size=4G
node 0 1G cpus=0-1
node 1 1G cpus=2-3
distance 0 1 21
nvdimm 1G 0
cxl_memory 512M 1
