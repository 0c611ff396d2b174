package io.lode.pmem.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.pmem.internal.cpu.EmulatedRoutines.Call;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The instructions that really execute, traced under emulation: every line is written back once,
 * after its last store, or goes around the caches; nothing outside the range is stored or written
 * back; no aligned word of 8 bytes in the range is stored in parts; a fence comes last if, and only
 * if, it was asked for; nothing at all happens to a map that is closed.
 */
class PersistOrderTest {
  private static final long SEED = Long.getLong("lode.seed", System.nanoTime());

  private final Random random = new Random(SEED);
  private final List<Call> calls = new ArrayList<>();

  @Test
  void x86(@TempDir Path folder) throws IOException, InterruptedException {
    for (var insn : new String[] {"clwb", "clflushopt", "clflush"}) {
      for (var operation : new String[] {"flush_", "copy_", "copy_nt_", "fill_", "fill_nt_"}) {
        addCalls(operation + insn, 64);
      }
    }
    for (var entry : new String[] {"copy_none", "copy_nt_none", "fill_none", "fill_nt_none"}) {
      addCalls(entry, 64);
    }
    check("x86_64", folder);
  }

  @Test
  void aarch64(@TempDir Path folder) throws IOException, InterruptedException {
    for (int line = 16; line <= 256; line *= 2) {
      for (var entry : new String[] {"flush_cvac", "copy_cvac", "fill_cvac", "copy_none"}) {
        addCalls(entry, line);
      }
    }
    check("aarch64", folder);
  }

  private void addCalls(String entry, int lineBytes) {
    int[] lengths = {0, 1, 8, 63, 64, 65, 200, 256, 260, random.nextInt(1100)};
    for (int length : lengths) {
      int offset = 1024 + (random.nextBoolean() ? 0 : random.nextInt(256));
      int from = offset + random.nextInt(-300, 300); // often overlapping, either way
      long control = lineBytes | random.nextInt(2);
      var memory = new byte[EmulatedRoutines.MEMORY_BYTES];
      if (entry.startsWith("flush")) {
        calls.add(Call.flush(entry, offset, length, control, memory));
      } else if (entry.startsWith("fill")) {
        calls.add(Call.fill(entry, offset, length, 7, control, memory));
      } else {
        calls.add(Call.copy(entry, offset, from, length, control, memory));
      }
    }
    calls.add(calls.getLast().closed());
  }

  private void check(String cpu, Path folder) throws IOException, InterruptedException {
    var routines = new EmulatedRoutines(cpu, folder);
    var trace = PersistTrace.read(cpu, routines, calls);
    assertThat(trace).hasSameSizeAs(calls);
    for (int index = 0; index < calls.size(); index++) {
      check(calls.get(index), trace.get(index));
    }
  }

  private static void check(Call call, List<PersistTrace.Event> events) {
    if (call.isClosed()) {
      assertThat(events).as("%s", call).isEmpty();
      return;
    }
    boolean copies = call.entry().startsWith("copy");
    boolean flushes = call.entry().startsWith("flush");
    long offset = call.argument(1);
    long length = call.argument(copies ? 4 : 2);
    long control = call.argument(copies ? 5 : flushes ? 3 : 4);
    long lineBytes = control & ~1;
    var what =
        "%s of %d bytes at %d, control %d, seed %d: %s"
            .formatted(call.entry(), length, offset, control, SEED, events);

    var stored = new HashSet<Long>();
    var streamed = new TreeSet<Long>();
    var written = new ArrayList<Long>();
    for (var event : events) {
      long line = event.offset() & -lineBytes;
      switch (event.kind()) {
        case STORE -> {
          assertThat(written).as(what).doesNotContain(line);
          stored.add(line);
        }
        case STREAM -> streamed.add(line);
        case WRITE_BACK -> written.add(line);
        case FENCE -> assertThat(event).as(what).isSameAs(events.getLast());
      }
      if (event.kind() == PersistTrace.Kind.STORE || event.kind() == PersistTrace.Kind.STREAM) {
        assertThat(event.offset()).as(what).isBetween(offset, offset + length - event.sizeBytes());
        long word = event.offset() & -8;
        boolean isWordInRange = word >= offset && word + 8 <= offset + length;
        assertThat((event.sizeBytes() >= 8 && event.offset() % 8 == 0) || !isWordInRange)
            .as(what)
            .isTrue();
      }
    }
    var lines = lines(offset, length, lineBytes);
    assertThat(written).as(what).doesNotHaveDuplicates();
    assertThat(events.stream().filter(event -> event.kind() == PersistTrace.Kind.FENCE).count())
        .as(what)
        .isEqualTo(control & 1);
    if (!flushes) {
      assertThat(union(stored, streamed)).as(what).isEqualTo(lines);
      assertThat(Collections.disjoint(stored, streamed)).as(what).isTrue();
    }
    if (call.entry().endsWith("none")) {
      assertThat(written).as(what).isEmpty();
    } else {
      assertThat(union(written, streamed)).as(what).isEqualTo(lines);
      assertThat(Collections.disjoint(written, streamed)).as(what).isTrue();
    }
    long wholeLines = lines.stream().filter(l -> l >= offset && l + 64 <= offset + length).count();
    if (call.entry().contains("_nt_")) {
      assertThat((long) streamed.size()).as(what).isGreaterThanOrEqualTo(wholeLines);
    } else {
      assertThat(streamed).as(what).isEmpty();
    }
  }

  private static Set<Long> lines(long offset, long length, long lineBytes) {
    var lines = new TreeSet<Long>();
    for (long at = offset; at < offset + length; at++) {
      lines.add(at & -lineBytes);
    }
    return lines;
  }

  private static Set<Long> union(Iterable<Long> one, Iterable<Long> other) {
    var union = new TreeSet<Long>();
    one.forEach(union::add);
    other.forEach(union::add);
    return union;
  }
}
