package io.lode.pmem.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever is missing, damaged or refused at start-up is a reason, never an exception. */
class StartupTest {
  private static final String ARCH = System.getProperty("os.arch", "");
  private static final String CPU = ARCH.equals("aarch64") ? "aarch64" : "x86_64";

  private final Map<String, byte[]> resources = new HashMap<>();

  StartupTest() throws IOException {
    for (var cpu : new String[] {"x86_64", "aarch64"}) {
      for (var kind : new String[] {".bin", ".entries"}) {
        try (var stream = Startup.class.getResourceAsStream(cpu + kind)) {
          resources.put(cpu + kind, Objects.requireNonNull(stream).readAllBytes());
        }
      }
    }
  }

  private @Nullable InputStream open(String name) {
    var bytes = resources.get(name);
    return bytes == null ? null : new ByteArrayInputStream(bytes);
  }

  private Startup.Outcome load(LinuxCalls calls) {
    return Startup.load("Linux", ARCH, this::open, calls, Map.of());
  }

  private Startup.Outcome load() throws UnusableException {
    return load(new SystemLibrary());
  }

  @Test
  void thisHostHasRoutines() throws UnusableException {
    assertThat(Routines.find()).isEqualTo(Routines.find());
    assertThat(Routines.find().routines()).isNotNull();
    assertThat(load().loaded()).isNotNull();
    assertThat(load().reason())
        .startsWith(Objects.requireNonNull(load().loaded()).choice().flushName());
  }

  @Test
  void missingResources() throws UnusableException {
    resources.remove(CPU + ".entries");
    assertReason(load(), CPU + ".entries is missing");
    resources.remove(CPU + ".bin");
    assertReason(load(), CPU + ".bin is missing");
  }

  @Test
  void flippedBitsOfTheCodeAreNoticed() throws UnusableException {
    var code = resource(".bin");
    for (int index = 0; index < code.length; index += 37) {
      code[index] ^= 0x10;
      assertReason(load(), "damaged");
      code[index] ^= 0x10;
    }
    resources.put(CPU + ".bin", new byte[0]);
    assertReason(load(), "damaged");
  }

  @Test
  void damagedEntries() throws UnusableException {
    var text = new String(resource(".entries"), StandardCharsets.US_ASCII);
    assertDamaged("");
    assertDamaged(text + "rubbish\n");
    assertDamaged(text + " 0\n");
    assertDamaged(text + "far ffffff\n");
    assertDamaged(text + "before -1\n");
    assertDamaged(text + "drain 0\n");
    assertDamaged(text.replace("size ", "sise "));
    assertDamaged(text.replace("cpu_features", "x").replace("line_size", "x"));
  }

  @Test
  void anEntryThatIsMissingIsFoundBeforeItIsNeeded() throws UnusableException {
    var text = new String(resource(".entries"), StandardCharsets.US_ASCII);
    for (var name : new String[] {"drain", "copy_none", "fill_none"}) {
      assertDamaged(text.replace("\n" + name + " ", "\nx "));
    }
  }

  private void assertDamaged(String entries) throws UnusableException {
    resources.put(CPU + ".entries", entries.getBytes(StandardCharsets.US_ASCII));
    assertReason(load(), CPU + ".entries is damaged");
  }

  @Test
  void otherSystems() throws UnusableException {
    var calls = new SystemLibrary();
    for (var system : new String[][] {{"Linux", "riscv64"}, {"Windows 11", "amd64"}, {"", ""}}) {
      assertReason(
          Startup.load(system[0], system[1], this::open, calls, Map.of()),
          system[0] + " on " + system[1]);
    }
  }

  @Test
  void refusedCallsNameTheCallAndTheError() throws UnusableException {
    assertReason(load(new Refusing("memfd_create", -1)), "memfd_create was refused with errno 1");
    assertReason(load(new Refusing("write", -28)), "write of the code was refused with errno 28");
    assertReason(load(new Refusing("write", 0)), "wrote no bytes");
    assertReason(load(new Refusing("mmap", -13)), "executable memory was refused with errno 13");
  }

  @Test
  void shortAndInterruptedWritesGoOnAndOldKernelsAreAskedTheOldWay() throws UnusableException {
    var calls = new Refusing("none", 0);
    calls.interruptions = 3;
    calls.knowsSeal = false;
    var outcome = load(calls);
    assertThat(outcome.loaded()).as(outcome.reason()).isNotNull();
    assertThat(calls.open).isZero();
    var written = Objects.requireNonNull(outcome.loaded()).code();
    assertThat(written.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE))
        .isEqualTo(resource(".bin"));
  }

  private static void assertReason(Startup.Outcome outcome, String part) {
    assertThat(outcome.loaded()).isNull();
    assertThat(outcome.reason()).contains(part);
  }

  private byte[] resource(String kind) {
    return Objects.requireNonNull(resources.get(CPU + kind));
  }

  /** The real calls, one of which is refused; writes are short. */
  private static final class Refusing implements LinuxCalls {
    private final LinuxCalls real = new SystemLibrary();
    private final String refused;
    private final long result;
    private boolean knowsSeal = true;
    private int interruptions;
    private int open;

    Refusing(String refused, long result) throws UnusableException {
      this.refused = refused;
      this.result = result;
    }

    @Override
    public long memfdCreate(String name, int flags) {
      if (refused.equals("memfd_create")) {
        return result;
      }
      if (!knowsSeal && flags != 1) {
        return -22;
      }
      open++;
      return real.memfdCreate(name, flags);
    }

    @Override
    public long write(int fd, MemorySegment bytes) {
      if (refused.equals("write")) {
        return result;
      }
      if (interruptions-- > 0) {
        return -4;
      }
      return real.write(fd, bytes.asSlice(0, Math.min(1000, bytes.byteSize())));
    }

    @Override
    public long mmap(long length, int protection, int flags, int fd) {
      assertThat(protection).as("never writable").isEqualTo(5);
      return refused.equals("mmap") ? result : real.mmap(length, protection, flags, fd);
    }

    @Override
    public long close(int fd) {
      open--;
      return real.close(fd);
    }

    @Override
    public long getauxval(long type) {
      return real.getauxval(type);
    }
  }
}
