package io.lode.pmem.internal.cpu;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The routines chosen for a CPU and its environment.
 *
 * @param flushName the instruction that writes a line back
 * @param suffix the suffix of the entries that use it
 * @param lineBytes the smallest data cache line of any core, a power of two
 * @param streams whether non-temporal stores are used
 * @param streamThreshold length in bytes from which a copy without flags bypasses the caches
 */
record CpuChoice(
    String flushName, String suffix, long lineBytes, boolean streams, long streamThreshold) {
  /** {@code HWCAP_DCPOP} (arm64 uapi/asm/hwcap.h): dc cvap exists. */
  private static final long HWCAP_DCPOP = 1 << 16;

  /** libpmem2's default. */
  private static final long STREAM_THRESHOLD = 256;

  private static final Pattern LEADING_NUMBER = Pattern.compile("[ \\t-\\r]*([+-]?[0-9]+).*");

  /** Chooses for x86-64; {@code features} is the result of the routine cpu_features. */
  static CpuChoice ofX86(long features, Map<String, String> environment) throws UnusableException {
    long lineBytes = (features >> 8 & 0xff) * 8;
    if (lineBytes != 64) {
      throw new UnusableException("the routines are for cache lines of 64 bytes, not " + lineBytes);
    }
    var flush = x86Flush(features, environment);
    return new CpuChoice(
        flush, flush, lineBytes, !isOne(environment, "PMEM_NO_MOVNT"), threshold(environment));
  }

  private static String x86Flush(long features, Map<String, String> environment)
      throws UnusableException {
    if ((features & 4) != 0 && !isOne(environment, "PMEM_NO_CLWB")) {
      return "clwb";
    }
    if ((features & 2) != 0 && !isOne(environment, "PMEM_NO_CLFLUSHOPT")) {
      return "clflushopt";
    }
    if ((features & 1) != 0) {
      return "clflush";
    }
    throw new UnusableException("this CPU reports no instruction that writes a cache line back");
  }

  /** Chooses for aarch64; {@code hwcap} is {@code AT_HWCAP}. */
  static CpuChoice ofAarch64(long hwcap, long lineBytes) {
    return (hwcap & HWCAP_DCPOP) != 0
        ? new CpuChoice("dc cvap", "cvap", lineBytes, false, Long.MAX_VALUE)
        : new CpuChoice("dc cvac", "cvac", lineBytes, false, Long.MAX_VALUE);
  }

  /** Returns the entry of {@code copy} or {@code fill} that takes a path. */
  String entry(String operation, CopyPath path) {
    var around = streams ? operation + "_nt_" : operation + '_';
    return switch (path) {
      case STORE -> operation + "_none";
      case STORE_AND_FLUSH -> operation + '_' + suffix;
      case STREAM -> around + suffix;
      case STREAM_UNFLUSHED -> around + "none";
    };
  }

  /** Returns every entry that is called. */
  List<String> entries() {
    var entries = new ArrayList<String>(List.of("drain", flushEntry()));
    for (var path : CopyPath.values()) {
      entries.add(entry("copy", path));
      entries.add(entry("fill", path));
    }
    return entries;
  }

  /** Returns the entry that writes lines back. */
  String flushEntry() {
    return "flush_" + suffix;
  }

  /** Tells whether each flush is ordered by itself, so that only streamed copies need a fence. */
  boolean isFlushOrdered() {
    return flushName.equals("clflush");
  }

  /** Returns a one-line description. */
  String description() {
    return flushName
        + ", lines of "
        + lineBytes
        + " bytes, "
        + (streams ? "non-temporal from " + streamThreshold + " bytes" : "no non-temporal stores");
  }

  private static boolean isOne(Map<String, String> environment, String name) {
    return "1".equals(environment.get(name));
  }

  /** Parses as C's atoll does: a leading number, otherwise 0; a negative number is ignored. */
  private static long threshold(Map<String, String> environment) {
    var text = environment.get("PMEM_MOVNT_THRESHOLD");
    if (text == null) {
      return STREAM_THRESHOLD;
    }
    var matcher = LEADING_NUMBER.matcher(text);
    var number = matcher.matches() ? new BigInteger(matcher.group(1)) : BigInteger.ZERO;
    return number.signum() < 0
        ? STREAM_THRESHOLD
        : number.min(BigInteger.valueOf(Long.MAX_VALUE)).longValueExact();
  }
}
