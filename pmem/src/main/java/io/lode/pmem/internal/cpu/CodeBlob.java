package io.lode.pmem.internal.cpu;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The assembled routines of one CPU and where each starts.
 *
 * <p>Two resources: {@code CPU.bin} is bare machine code, {@code CPU.entries} is text, one {@code
 * name hexadecimal} a line: {@code size} and {@code crc32} of the code, then the offset of each
 * routine. Both are made by {@code src/main/asm/assemble}.
 */
final class CodeBlob {
  private final String cpu;
  private final byte[] code;
  private final Map<String, Long> entries;

  private CodeBlob(String cpu, byte[] code, Map<String, Long> entries) {
    this.cpu = cpu;
    this.code = code;
    this.entries = entries;
  }

  /** Reads and verifies both resources; {@code open} gives null for one that is not there. */
  static CodeBlob read(String cpu, Function<String, @Nullable InputStream> open)
      throws UnusableException {
    var code = bytes(cpu + ".bin", open);
    var entries = parse(cpu, new String(bytes(cpu + ".entries", open), StandardCharsets.US_ASCII));
    var crc = new CRC32();
    crc.update(code);
    if (taken(cpu, entries, "size") != code.length
        || taken(cpu, entries, "crc32") != crc.getValue()) {
      throw new UnusableException(cpu + ".bin is damaged: it does not match " + cpu + ".entries");
    }
    for (var entry : entries.entrySet()) {
      if (entry.getValue() < 0 || entry.getValue() >= code.length) {
        throw new UnusableException(cpu + ".entries is damaged: " + entry);
      }
    }
    return new CodeBlob(cpu, code, Map.copyOf(entries));
  }

  private static byte[] bytes(String name, Function<String, @Nullable InputStream> open)
      throws UnusableException {
    try (var stream = open.apply(name)) {
      if (stream == null) {
        throw new UnusableException("the resource " + name + " is missing");
      }
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UnusableException("the resource " + name + " cannot be read: " + e.getMessage());
    }
  }

  private static Map<String, Long> parse(String cpu, String text) throws UnusableException {
    var entries = new HashMap<String, Long>();
    for (var line : text.lines().toList()) {
      int space = line.indexOf(' ');
      try {
        var value = Long.parseLong(line, space + 1, line.length(), 16);
        if (space <= 0 || entries.put(line.substring(0, space), value) != null) {
          throw new NumberFormatException();
        }
      } catch (NumberFormatException e) {
        throw new UnusableException(cpu + ".entries is damaged: \"" + line + '"');
      }
    }
    return entries;
  }

  private static long taken(String cpu, Map<String, Long> entries, String name)
      throws UnusableException {
    var value = entries.remove(name);
    if (value == null) {
      throw new UnusableException(cpu + ".entries is damaged: no " + name);
    }
    return value;
  }

  /** The machine code; the caller's to keep. */
  byte[] code() {
    return code.clone();
  }

  /** Returns where a routine starts, in bytes from the start of the code. */
  long offset(String entry) throws UnusableException {
    var offset = entries.get(entry);
    if (offset == null) {
      throw new UnusableException(cpu + ".entries is damaged: no " + entry);
    }
    return offset;
  }
}
