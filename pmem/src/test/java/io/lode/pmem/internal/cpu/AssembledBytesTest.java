package io.lode.pmem.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checked-in bytes are what the sources say, and each routine holds the right instructions. */
class AssembledBytesTest {
  private static final Path SOURCES = Path.of("src", "main", "asm");
  private static final Path RESOURCES =
      Path.of("src", "main", "resources", "io", "lode", "pmem", "internal", "cpu");

  /** Instructions that decide where bytes are on return. */
  private static final Set<String> X86_INSTRUCTIONS =
      Set.of("clwb", "clflushopt", "clflush", "movntdq", "movdqa", "sfence", "cpuid", "prefetcht0");

  private static final Set<String> AARCH64_INSTRUCTIONS =
      Set.of("cvap", "cvac", "dsb", "ctr_el0", "prfm");

  @Test
  void checkedInBytesAreTheAssembledSources(@TempDir Path folder) throws IOException {
    CommandRun.run(SOURCES.resolve("assemble").toString(), folder.toString());
    for (var name : List.of("x86_64.bin", "x86_64.entries", "aarch64.bin", "aarch64.entries")) {
      assertThat(Files.readAllBytes(folder.resolve(name)))
          .as("%s: run src/main/asm/assemble", name)
          .isEqualTo(Files.readAllBytes(RESOURCES.resolve(name)));
    }
  }

  @Test
  void x86RoutinesHoldTheirInstructions() throws IOException {
    var expected = new TreeMap<String, Set<String>>();
    expected.put("drain", Set.of("sfence"));
    expected.put("cpu_features", Set.of("cpuid"));
    expected.put("prefetch", Set.of("prefetcht0"));
    for (var operation : List.of("copy_", "fill_")) {
      expected.put(operation + "none", Set.of("movdqa", "sfence"));
      expected.put(operation + "nt_none", Set.of("movntdq", "sfence"));
      for (var flush : List.of("clwb", "clflushopt", "clflush")) {
        expected.put("flush_" + flush, Set.of(flush, "sfence"));
        expected.put(operation + flush, Set.of(flush, "movdqa", "sfence"));
        expected.put(operation + "nt_" + flush, Set.of(flush, "movntdq", "sfence"));
      }
    }
    assertThat(instructions("x86_64", X86_INSTRUCTIONS, "objdump", "i386:x86-64"))
        .isEqualTo(expected);
  }

  @Test
  void aarch64RoutinesHoldTheirInstructions() throws IOException {
    var expected = new TreeMap<String, Set<String>>();
    expected.put("drain", Set.of("dsb"));
    expected.put("line_size", Set.of("ctr_el0"));
    expected.put("prefetch", Set.of("prfm"));
    for (var operation : List.of("copy_", "fill_")) {
      expected.put(operation + "none", Set.of("dsb"));
      for (var flush : List.of("cvap", "cvac")) {
        expected.put("flush_" + flush, Set.of(flush, "dsb"));
        expected.put(operation + flush, Set.of(flush, "dsb"));
      }
    }
    assertThat(
            instructions("aarch64", AARCH64_INSTRUCTIONS, "aarch64-linux-gnu-objdump", "aarch64"))
        .isEqualTo(expected);
  }

  /** Disassembles the checked-in bytes: for each routine, which of the instructions are in it. */
  private static Map<String, Set<String>> instructions(
      String cpu, Set<String> wanted, String objdump, String machine) throws IOException {
    var starts = starts(cpu);
    var found = new TreeMap<String, Set<String>>();
    starts.values().forEach(name -> found.put(name, new TreeSet<>()));
    var blob = RESOURCES.resolve(cpu + ".bin").toString();
    var listing = CommandRun.run(objdump, "-b", "binary", "-m", machine, "-D", blob);
    for (var line : listing.lines().toList()) {
      var columns = line.split("\t", 3);
      if (columns.length == 3) {
        var words = new TreeSet<>(List.of(columns[2].split("[\\s,]+", -1)));
        words.retainAll(wanted);
        var routine = starts.floorEntry(Long.parseLong(columns[0].strip().replace(":", ""), 16));
        if (routine != null) { // parts that the routines share come before the first
          found.getOrDefault(routine.getValue(), new TreeSet<>()).addAll(words);
        }
      }
    }
    return found;
  }

  private static NavigableMap<Long, String> starts(String cpu) throws IOException {
    var starts = new TreeMap<Long, String>();
    for (var line : Files.readAllLines(RESOURCES.resolve(cpu + ".entries"))) {
      var columns = line.split(" ", -1);
      if (!columns[0].equals("size") && !columns[0].equals("crc32")) {
        starts.put(Long.parseLong(columns[1], 16), columns[0]);
      }
    }
    return starts;
  }
}
