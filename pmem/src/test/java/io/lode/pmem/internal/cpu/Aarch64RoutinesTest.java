package io.lode.pmem.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.pmem.internal.cpu.EmulatedRoutines.Call;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bytes for aarch64 do the right thing to memory, under emulation: what they write, not whether
 * it is durable. QEMU's user emulation knows no dc cvap, so those routines are compared with the
 * ones for cvac, from which they must differ in that instruction alone.
 */
class Aarch64RoutinesTest {
  private static final long SEED = Long.getLong("lode.seed", System.nanoTime());
  private static final int DC_CVAC = 0xd50b7a20;
  private static final int DC_CVAP = 0xd50b7c20;
  private static final int REGISTER = 0x1f;

  private final Random random = new Random(SEED);
  private final List<Call> calls = new ArrayList<>();
  private final List<byte[]> expected = new ArrayList<>();

  @Test
  void copiesAndFillsAreRightToTheByte(@TempDir Path folder)
      throws IOException, InterruptedException {
    var routines = new EmulatedRoutines("aarch64", folder);
    for (int length = 0; length <= 1100; length++) {
      addBoth(EmulatedRoutines.MEMORY_BYTES - length, 0, length);
      addBoth(0, EmulatedRoutines.MEMORY_BYTES - length, length);
    }
    for (int round = 0; round < 4000; round++) {
      int length = random.nextInt(700);
      int slack = EmulatedRoutines.MEMORY_BYTES - length;
      int from = random.nextInt(slack + 1);
      int to = Math.clamp(from + (long) random.nextInt(-length - 9, length + 9), 0, slack);
      addBoth(to, from, length);
    }
    var answers = routines.run(calls);
    for (int index = 0; index < calls.size(); index++) {
      if (!Arrays.equals(answers.get(index), expected.get(index))) {
        var call = calls.get(index);
        assertThat(answers.get(index)).as("%s seed %d", call, SEED).isEqualTo(expected.get(index));
      }
    }
  }

  private void addBoth(int to, int from, int length) {
    var suffix = random.nextBoolean() ? "none" : "cvac";
    long control = (16L << random.nextInt(5)) | random.nextInt(2);
    var memory = new byte[EmulatedRoutines.MEMORY_BYTES];
    random.nextBytes(memory);
    calls.add(Call.copy("copy_" + suffix, to, from, length, control, memory));
    var copied = memory.clone();
    System.arraycopy(memory, from, copied, to, length);
    expected.add(copied);

    // The upper bytes of the value are not the routine's concern.
    long value = random.nextLong();
    calls.add(Call.fill("fill_" + suffix, to, length, value, control, memory));
    var filled = memory.clone();
    Arrays.fill(filled, to, to + length, (byte) value);
    expected.add(filled);

    calls.add(Call.flush("flush_cvac", to, length, control, memory));
    expected.add(memory);

    calls.add(calls.get(calls.size() - 1 - random.nextInt(3)).closed());
    expected.add(memory);
  }

  @Test
  void routinesForPersistenceDifferFromThoseForCoherencyInOneInstruction(@TempDir Path folder)
      throws IOException {
    var routines = new EmulatedRoutines("aarch64", folder);
    var code =
        ByteBuffer.wrap(Files.readAllBytes(EmulatedRoutines.RESOURCES.resolve("aarch64.bin")))
            .order(ByteOrder.LITTLE_ENDIAN);
    int cvap = (int) routines.offset("flush_cvap");
    int cvac = (int) routines.offset("flush_cvac");
    int cleans = 0;
    // flush, copy and fill of one kind follow one another, and end where the next kind begins.
    for (int offset = 0; offset < cvac - cvap; offset += 4) {
      int persistent = code.getInt(cvap + offset);
      int coherent = code.getInt(cvac + offset);
      if ((coherent & ~REGISTER) == DC_CVAC) {
        assertThat(persistent).isEqualTo(DC_CVAP | (coherent & REGISTER));
        cleans++;
      } else {
        assertThat(persistent).as("offset %x", offset).isEqualTo(coherent);
      }
    }
    assertThat(cleans).as("flush, fill, copy up, copy down").isEqualTo(4);
  }
}
