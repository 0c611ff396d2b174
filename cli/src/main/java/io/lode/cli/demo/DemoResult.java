package io.lode.cli.demo;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lode.cli.console.ExitCode;
import org.jspecify.annotations.Nullable;

/**
 * The result of the demo.
 *
 * @param pool its path
 * @param medium {@code file}, {@code fsdax file} or {@code devdax}
 * @param granularity the unit in which writes became durable
 * @param emulated whether that was forced
 * @param flushPrimitive the mechanism that made them durable
 * @param durability what a durable write survives there
 * @param numaNode the node near the medium, null if unknown
 * @param writer the CPUs on which the loading thread ran, and why
 * @param entries the number of files put
 * @param bytes the total size of their values
 * @param seconds the time to load them all, including reading the files
 * @param putSeconds the part of it spent in puts
 * @param verifySeconds the time to read everything back and compare it
 * @param mismatched the number of entries that differed
 * @param killed whether the second load was ended by SIGKILL while it ran
 * @param acknowledged the number of puts that had returned in that process, as far as it could
 *     report
 * @param recovered the number of entries in the reopened pool, each compared with its file
 * @param lost acknowledged entries that are missing or differ
 * @param damaged parts of the pool that fail verification, and entries that differ from their file
 * @param reopenSeconds the time to reopen the pool
 * @param jvm the JVM
 */
record DemoResult(
    String pool,
    String medium,
    String granularity,
    boolean emulated,
    String flushPrimitive,
    String durability,
    @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Integer numaNode,
    String writer,
    long entries,
    long bytes,
    double seconds,
    double putSeconds,
    double verifySeconds,
    long mismatched,
    boolean killed,
    long acknowledged,
    long recovered,
    long lost,
    long damaged,
    double reopenSeconds,
    String jvm) {

  ExitCode code() {
    return mismatched == 0 && lost == 0 && damaged == 0 ? ExitCode.FINE : ExitCode.MISMATCH;
  }
}
