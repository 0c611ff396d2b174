package io.lode.cli.demo;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lode.cli.console.ExitCode;
import org.jspecify.annotations.Nullable;

/**
 * What the demo found.
 *
 * @param pool where
 * @param medium {@code file}, {@code fsdax file} or {@code devdax}
 * @param granularity the unit in which writes became durable
 * @param emulated whether that was forced
 * @param flushPrimitive what made them durable
 * @param durability what a durable write survives there
 * @param numaNode the node near the medium, null if not known
 * @param writer where the loading thread ran, and why
 * @param entries how many files were put
 * @param bytes their values together
 * @param seconds loading them all, reading the files included
 * @param putSeconds of these, in the puts
 * @param verifySeconds reading everything back and comparing
 * @param mismatched how many of them were not what was put
 * @param killed whether the second load was ended by SIGKILL while it ran
 * @param acknowledged how many puts had returned in that process, as far as it could tell
 * @param recovered how many entries the reopened pool has, each compared with its file
 * @param lost acknowledged entries that are missing or differ
 * @param damaged parts of the pool that do not verify, and entries that are not what was put
 * @param reopenSeconds how long reopening took
 * @param jvm what this ran on
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
