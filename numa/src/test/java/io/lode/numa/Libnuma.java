package io.lode.numa;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;

/** The installed libnuma, the oracle with which the Java answers are compared. */
interface Libnuma extends Library {
  static Libnuma load() {
    return Native.load("libnuma.so.1", Libnuma.class);
  }

  /** Returns a variable that points to a mask. */
  static long[] mask(String variable) {
    return words(
        NativeLibrary.getInstance("libnuma.so.1").getGlobalVariableAddress(variable).getPointer(0));
  }

  /** Reads the words of a {@code struct bitmask}. */
  static long[] words(Pointer bitmask) {
    int words = (int) ((bitmask.getLong(0) + 63) / 64);
    return bitmask.getPointer(8).getLongArray(0, words);
  }

  int numa_available();

  int numa_max_node();

  int numa_max_possible_node();

  int numa_num_possible_nodes();

  int numa_num_possible_cpus();

  int numa_num_configured_cpus();

  int numa_num_task_cpus();

  int numa_num_task_nodes();

  int numa_pagesize();

  long numa_node_size64(int node, LongByReference free);

  int numa_distance(int from, int to);

  int numa_node_to_cpus(int node, Pointer mask);

  int numa_node_of_cpu(int cpu);

  int numa_parse_bitmap(byte[] line, Pointer mask);

  Pointer numa_parse_nodestring(String text);

  Pointer numa_parse_nodestring_all(String text);

  Pointer numa_parse_cpustring(String text);

  Pointer numa_parse_cpustring_all(String text);

  Pointer numa_allocate_cpumask();

  Pointer numa_allocate_nodemask();

  Pointer numa_bitmask_setbit(Pointer mask, int bit);

  int numa_bitmask_weight(Pointer mask);

  void numa_bitmask_free(Pointer mask);

  Pointer numa_get_mems_allowed();

  Pointer numa_get_membind();

  Pointer numa_get_interleave_mask();

  Pointer numa_get_run_node_mask();

  int numa_preferred();

  void numa_set_membind(Pointer mask);

  void numa_set_interleave_mask(Pointer mask);

  void numa_set_preferred(int node);

  void numa_set_localalloc();

  int numa_run_on_node(int node);

  Pointer numa_alloc_onnode(long size, int node);

  Pointer numa_alloc_interleaved(long size);

  void numa_free(Pointer start, long size);
}
