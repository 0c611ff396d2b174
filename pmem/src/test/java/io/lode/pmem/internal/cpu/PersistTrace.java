package io.lode.pmem.internal.cpu;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** Reads QEMU's trace of executed instructions as stores, write-backs and fences. */
final class PersistTrace {
  private static final Pattern EXECUTED =
      Pattern.compile("Trace \\d+: \\S+ \\[[^/]+/([0-9a-f]+)/.*");
  private static final Pattern REGISTER =
      Pattern.compile("\\b([A-Z][A-Z0-9]{1,2}) *=([0-9a-f]{16})");
  private static final Pattern X86_MEMORY = Pattern.compile("(-?)(?:0x([0-9a-f]+))?\\(%(\\w+)\\)$");
  private static final Pattern ARM_MEMORY = Pattern.compile("\\[(x\\d+)(?:, #(-?\\d+))?\\]");

  private PersistTrace() {}

  /** What an instruction does to the way of bytes to the medium. */
  enum Kind {
    STORE,
    STREAM,
    WRITE_BACK,
    FENCE
  }

  /** An event at an offset in the memory; a size in bytes is known of stores only. */
  record Event(Kind kind, long offset, int sizeBytes) {}

  /** Runs the calls and returns the events of each. */
  static List<List<Event>> read(
      String cpu, EmulatedRoutines routines, List<EmulatedRoutines.Call> calls)
      throws IOException, InterruptedException {
    long code = routines.codeAddress();
    var listing = listing(cpu);
    var registers = new HashMap<String, Long>();
    var events = new ArrayList<List<Event>>();
    long memory = 0;
    long executed = -1;
    var lines = new ArrayList<>(Files.readAllLines(routines.trace(calls)));
    lines.add("Trace 0: end [0/0/0]");
    for (var line : lines) {
      var trace = EXECUTED.matcher(line);
      if (!trace.matches()) {
        var register = REGISTER.matcher(line);
        while (register.find()) {
          registers.put(register.group(1), Long.parseUnsignedLong(register.group(2), 16));
        }
        continue;
      }
      // The registers before an instruction follow its line, so it is complete when the next
      // begins.
      if (executed >= 0) {
        if (events.size() < calls.size()
            && executed == routines.offset(calls.get(events.size()).entry())) {
          events.add(new ArrayList<>());
          // Where the harnesses keep the memory's address; the routine is given a cell.
          memory = register(registers, cpu.equals("x86_64") ? "rbx" : "x19");
        }
        var text = Objects.requireNonNull(listing.get(executed));
        addEvents(text, registers, memory, events.getLast());
      }
      executed = Long.parseLong(trace.group(1), 16) - code;
    }
    return events;
  }

  private static Map<Long, String> listing(String cpu) {
    boolean x86 = cpu.equals("x86_64");
    var listing = new HashMap<Long, String>();
    CommandRun.run(
            x86 ? "objdump" : "aarch64-linux-gnu-objdump",
            "-b",
            "binary",
            "-m",
            x86 ? "i386:x86-64" : "aarch64",
            "-D",
            EmulatedRoutines.RESOURCES.resolve(cpu + ".bin").toString())
        .lines()
        .map(line -> line.split("\t", 3))
        .filter(columns -> columns.length == 3)
        .forEach(columns ->
            listing.put(
                Long.parseLong(columns[0].strip().replace(":", ""), 16),
                columns[2].replace('\t', ' ').replaceAll(" +", " ").strip()));
    return listing;
  }

  private static void addEvents(
      String text, Map<String, Long> registers, long memory, List<Event> events) {
    var mnemonic = text.split(" ", 2)[0];
    switch (mnemonic) {
      case "sfence", "dsb" -> events.add(new Event(Kind.FENCE, 0, 0));
      case "clwb", "clflushopt", "clflush" ->
          events.add(new Event(Kind.WRITE_BACK, x86Address(text, registers) - memory, 0));
      case "dc" ->
          events.add(
              new Event(
                  Kind.WRITE_BACK,
                  register(registers, text.substring(text.indexOf(", ") + 2)) - memory,
                  0));
      case "movntdq", "movnti" ->
          events.add(new Event(Kind.STREAM, x86Address(text, registers) - memory, x86Size(text)));
      case "mov", "movb", "movw", "movl", "movq", "movdqa", "movdqu" -> {
        if (X86_MEMORY.matcher(text).find()) {
          events.add(new Event(Kind.STORE, x86Address(text, registers) - memory, x86Size(text)));
        }
      }
      case "str", "strb", "stp" -> {
        long offset = armAddress(text, registers) - memory;
        events.add(new Event(Kind.STORE, offset, mnemonic.equals("strb") ? 1 : 8));
        if (mnemonic.equals("stp")) { // atomic in its halves
          events.add(new Event(Kind.STORE, offset + 8, 8));
        }
      }
      default -> {}
    }
  }

  /** From the register that is stored: %xmm0, %r11b, %r11w, %r11d or %eax, %r11. */
  private static int x86Size(String text) {
    var register = text.substring(text.indexOf('%') + 1, text.indexOf(','));
    if (register.startsWith("xmm")) {
      return 16;
    }
    if (register.equals("eax")) {
      return 4;
    }
    return switch (register.charAt(register.length() - 1)) {
      case 'b' -> 1;
      case 'w' -> 2;
      case 'd' -> 4;
      default -> 8;
    };
  }

  private static long x86Address(String text, Map<String, Long> registers) {
    var operand = X86_MEMORY.matcher(text);
    if (!operand.find()) {
      throw new IllegalArgumentException(text);
    }
    long displacement = operand.group(2) == null ? 0 : Long.parseLong(operand.group(2), 16);
    return register(registers, operand.group(3))
        + (operand.group(1).isEmpty() ? displacement : -displacement);
  }

  private static long armAddress(String text, Map<String, Long> registers) {
    var operand = ARM_MEMORY.matcher(text);
    if (!operand.find()) {
      throw new IllegalArgumentException(text);
    }
    long displacement = operand.group(2) == null ? 0 : Long.parseLong(operand.group(2));
    return register(registers, operand.group(1)) + displacement;
  }

  /** QEMU prints RDI, R8, X00. */
  private static long register(Map<String, Long> registers, String name) {
    var printed = name.toUpperCase(Locale.ROOT);
    if (printed.matches("X\\d")) {
      printed = "X0" + printed.substring(1);
    }
    return Objects.requireNonNull(registers.get(printed), name);
  }
}
