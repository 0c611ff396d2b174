/**
 * The persist instructions of the CPU: write back, fence, copy and fill at the speed of C.
 *
 * <p>The routines are written in assembly ({@code src/main/asm}), their assembled bytes are
 * resources beside these classes, and a test assembles the sources again and compares. Start with
 * {@link io.lode.pmem.internal.cpu.Routines}.
 */
package io.lode.pmem.internal.cpu;
