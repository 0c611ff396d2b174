package io.lode.pmem.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.pmem.internal.FileSystem.Medium;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileSystemTest {
  @ParameterizedTest
  @CsvSource({
    "0x6969, nfs, NETWORK",
    "0xff534d42, cifs, NETWORK",
    "0xfe534d42, smb3, NETWORK",
    "0x00c36400, ceph, NETWORK",
    "0x01021997, 9p, PROGRAM",
    "0x65735546, fuse, PROGRAM",
    "0x794c7630, overlay, STACKED",
    "0x9123683e, btrfs, LOCAL",
    "0x58465342, xfs, LOCAL",
    "0xef53, ext4, LOCAL",
    "0x01021994, tmpfs, MEMORY",
    "0x858458f6, ramfs, MEMORY",
  })
  void mediumIsTheFileSystems(String magic, String name, Medium medium) {
    FileSystem fileSystem = FileSystem.ofMagic(Long.decode(magic));
    assertThat(fileSystem.name()).contains(name);
    assertThat(fileSystem.medium()).isEqualTo(medium);
    assertThat(fileSystem.durability())
        .contains(
            switch (medium) {
              case LOCAL -> "on its device";
              case MEMORY -> "nothing survives";
              default -> "not known";
            });
  }

  @Test
  void whatNobodyKnowsIsSaidToBeUnknown() {
    assertThat(FileSystem.ofMagic(0x12345678).durability()).contains("0x12345678", "not known");
  }
}
