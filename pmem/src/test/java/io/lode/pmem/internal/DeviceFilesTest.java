package io.lode.pmem.internal;

import static io.lode.pmem.internal.FakeMachine.NFIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import io.lode.pmem.internal.jna.LibC;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceFilesTest {
  @TempDir Path folder;

  @Test
  void eadrNeedsEveryRegionToSaySo() throws IOException {
    FakeMachine machine = new FakeMachine(folder);
    assertThat(machine.files().isEadr()).isFalse();
    machine.region(0, 0, 0, "cpu_cache");
    assertThat(machine.files().isEadr()).isTrue();
    machine.region(1, 0, 0, "cpu_cache");
    assertThat(machine.files().isEadr()).isTrue();
    machine.region(2, 0, 0, "memory_controller");
    assertThat(machine.files().isEadr()).isFalse();
  }

  @Test
  void eadrNeedsTheExactWordAndItsNewline() throws IOException {
    FakeMachine machine = new FakeMachine(folder).region(0, 0, 0, "cpu_cache");
    Path attribute = machine.files().sys().resolve(NFIT + "region0/persistence_domain");
    for (String text : new String[] {"cpu_cache", "cpu_cache \n", "cpu_caches\n", ""}) {
      Files.writeString(attribute, text);
      assertThat(machine.files().isEadr()).as(text).isFalse();
    }
    Files.delete(attribute);
    assertThat(machine.files().isEadr()).isFalse();
  }

  @Test
  void onlyLinksCountAsRegions() throws IOException {
    FakeMachine machine = new FakeMachine(folder).region(0, 0, 0, "cpu_cache");
    machine.file("bus/nd/devices/region9/persistence_domain", "memory_controller");
    assertThat(machine.files().isEadr()).isTrue();
  }

  @Test
  void daxDeviceTellsSizeAlignmentAndDriver() throws IOException {
    FakeMachine machine = new FakeMachine(folder).dax(NFIT + "region0", "dax0.0", 3, "kmem");
    DeviceNumber number = new DeviceNumber(252, 3);
    assertThat(machine.files().isDax(number)).isTrue();
    assertThat(machine.files().isDax(new DeviceNumber(1, 3))).isFalse();
    assertThat(machine.files().driver(number)).contains("kmem");
    assertThat(machine.files().daxSizeBytes(number)).hasValue(4 << 20);
    assertThat(machine.files().daxAlignmentBytes(number)).hasValue(2 << 20);
  }

  @Test
  void whatTheKernelDoesNotTellOfADeviceIsACode() throws IOException {
    FakeMachine machine = new FakeMachine(folder).dax(NFIT + "region0", "dax0.0", 3, "device_dax");
    OpenSource device = FakeMachine.device(252, 3);
    Path attributes = machine.files().sys().resolve(NFIT + "region0/dax0.0");
    for (String align : new String[] {"3", "0", "-4096", "" + Long.MIN_VALUE}) {
      Files.writeString(attributes.resolve("align"), align);
      assertThatThrownBy(() -> device.alignmentBytes(machine.files()))
          .isInstanceOfSatisfying(
              PmemException.class,
              e -> assertThat(e.error()).isEqualTo(PmemError.INVALID_ALIGNMENT_VALUE));
    }
    Files.writeString(attributes.resolve("align"), "large");
    assertThatThrownBy(() -> device.alignmentBytes(machine.files()))
        .isInstanceOfSatisfying(
            PmemException.class,
            e -> assertThat(e.error()).isEqualTo(PmemError.INVALID_ALIGNMENT_FORMAT));
    Files.delete(attributes.resolve("size"));
    // The kernel is asked what the open descriptor is; any character device will do.
    LibC libc = SystemCalls.libc("test");
    int fd = libc.open("/dev/null\0".getBytes(StandardCharsets.UTF_8), LibC.O_RDWR, 0);
    OpenSource open =
        new OpenSource(
            new Descriptor(fd, "dax", true, true), device.kind(), device.status(), "dax");
    assertThatThrownBy(() -> open.sizeBytes(machine.files()))
        .isInstanceOfSatisfying(
            PmemException.class,
            e -> assertThat(e.error()).isEqualTo(PmemError.INVALID_SIZE_FORMAT));
    open.descriptor().close();
  }

  @Test
  void alignmentOfTheRegionServesOlderKernels() throws IOException {
    FakeMachine machine =
        new FakeMachine(folder)
            .file(NFIT + "region0/dax0.0/dax_region/align", "1073741824")
            .link("dev/char/252:3", NFIT + "region0/dax0.0/dax/dax0.0");
    assertThat(machine.files().daxAlignmentBytes(new DeviceNumber(252, 3))).hasValue(1 << 30);
    assertThat(machine.files().daxAlignmentBytes(new DeviceNumber(252, 4))).isEmpty();
  }

  @Test
  void nonsenseInAnAttributeIsAbsence() throws IOException {
    FakeMachine machine = new FakeMachine(folder).file("a", "many").file("b", "-1").file("c", "");
    Path sys = machine.files().sys();
    assertThat(DeviceFiles.number(sys.resolve("a"))).isEmpty();
    assertThat(DeviceFiles.number(sys.resolve("c"))).isEmpty();
    assertThat(DeviceFiles.number(sys.resolve("missing"))).isEmpty();
    assertThat(DeviceFiles.node(sys.resolve("b"))).isEmpty();
  }
}
