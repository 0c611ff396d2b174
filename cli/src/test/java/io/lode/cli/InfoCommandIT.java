package io.lode.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lode.kv.KvConfig;
import io.lode.kv.KvStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lode info} on the layers that may lie between persistent memory and a file. */
class InfoCommandIT {
  private static final Path FSDAX = Path.of(System.getenv("LODE_FSDAX"));
  private static final Path SPARE = Path.of(System.getenv("LODE_SPARE"));

  @TempDir Path folder;

  @Test
  void devicesAndFoldersAreNoSourcesAndItIsSaidWhatTheyAre() {
    CommandRun run = CommandRun.of("info", SPARE, FSDAX);
    assertThat(run.code().number()).isEqualTo(6);
    assertThat(run.err()).contains(SPARE + ": INVALID_FILE_TYPE (-100005): it is a block device");
    assertThat(run.err()).contains(FSDAX + ": INVALID_FILE_TYPE (-100005): it is a directory");
  }

  @Test
  void emptyFileOnDaxHasAPlaceAndAGranularity() throws Exception {
    Path file = Files.createFile(FSDAX.resolve("info-empty"));
    try {
      JsonNode entry = entry(file);
      assertThat(entry.get("size").asLong()).isZero();
      isOnFsdax(entry);
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void namespaceIsNamedByItsUuidAndThePoolOnItByItsId() throws Exception {
    Path device = Path.of(System.getenv("LODE_DEVDAX"));
    Path mode = Path.of("/sys/bus/dax/devices").resolve(device.getFileName()).toRealPath();
    String uuid = Files.readString(mode.resolveSibling("uuid")).strip();
    String id;
    try (KvStore store = KvStore.create(device, KvConfig.builder().overwrite(true).build())) {
      id = store.id().toString();
      // While it is open, too.
      assertThat(entry(device).get("pool_id").asText()).isEqualTo(id);
    }
    JsonNode namespace = entry(device).get("namespaces").get(0);
    assertThat(namespace.get("uuid").asText()).isEqualTo(uuid);
    assertThat(namespace.get("dev").asText()).startsWith("namespace");
    assertThat(CommandRun.of("info", device).out())
        .containsPattern("namespace +" + uuid + ", namespace")
        .containsPattern("pool +" + id);
  }

  @Test
  void idAndShutdownCountAreThoseOfTheMemoryDevice() throws Exception {
    Path file = Files.write(FSDAX.resolve("info-dimm"), new byte[4096]);
    try {
      Path region = Path.of("/sys/bus/nd/devices", entry(file).get("region").asText());
      String dimm = Files.readString(region.resolve("mapping0")).replaceFirst("(?s),.*", "");
      Path attributes = region.resolveSibling(dimm).resolve("nfit").toRealPath();
      String id = Files.readString(attributes.resolve("id")).strip();
      assertThat(entry(file).get("device_id").asText()).isEqualTo(id).isNotEmpty();
      assertThat(entry(file).get("unsafe_shutdown_count_reason").asText())
          .isEqualTo("its memory device " + dimm + " has no dirty_shutdown");

      Files.writeString(folder.resolve("id"), id + "\n");
      Files.writeString(folder.resolve("dirty_shutdown"), "7\n");
      ProcessRun.system("mount", "--bind", folder, attributes);
      try {
        assertThat(entry(file).get("unsafe_shutdown_count").asLong()).isEqualTo(7);
        assertThat(CommandRun.of("info", file).out().replaceAll(" +", " "))
            .contains("device id " + id, "unsafe shutdowns 7");
      } finally {
        ProcessRun.system("umount", attributes);
      }
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void fileSeenThroughABindMountIsOnItsDevice() throws Exception {
    Path real = Files.createDirectory(FSDAX.resolve("info-bound"));
    Path file = Files.write(real.resolve("file"), new byte[4096]);
    try {
      ProcessRun.system("mount", "--bind", real, folder);
      try {
        isOnFsdax(entry(folder.resolve("file")));
      } finally {
        ProcessRun.system("umount", folder);
      }
    } finally {
      Files.delete(file);
      Files.delete(real);
    }
  }

  @Test
  void fileOnAMappedDeviceOfAPartitionIsOnTheMemoryBelow() throws Exception {
    ProcessRun.system("addpart", SPARE, 1, 8192, 196608);
    ProcessRun.system("dmsetup", "create", "info", "--table", "0 196608 linear " + SPARE + "p1 0");
    ProcessRun.system("dmsetup", "mknodes", "info");
    try {
      ProcessRun.system("mkfs.ext4", "-F", "-q", "-b", 4096, "/dev/mapper/info");
      ProcessRun.system("mount", "-o", "dax=always", "/dev/mapper/info", folder);
      try {
        JsonNode entry = entry(Files.write(folder.resolve("file"), new byte[4096]));
        assertThat(entry.get("kind").asText()).isEqualTo("fsdax-file");
        assertThat(entry.get("blockdev").asText()).isEqualTo(SPARE.getFileName().toString());
        assertThat(entry.get("numa_node").asInt()).isZero();
      } finally {
        ProcessRun.system("umount", folder);
      }
    } finally {
      ProcessRun.system("dmsetup", "remove", "info");
      ProcessRun.system("delpart", SPARE, 1);
    }
  }

  private static JsonNode entry(Path file) throws Exception {
    CommandRun run = CommandRun.of("info", "--json", file);
    assertThat(run.code().number()).as(run.err()).isZero();
    assertThat(CommandRun.of("info", file).out().lines()).allMatch(line -> line.length() <= 80);
    return run.json().get(0);
  }

  private static void isOnFsdax(JsonNode entry) {
    assertThat(Path.of("/dev", entry.get("blockdev").asText()))
        .isEqualTo(Path.of(System.getenv("LODE_FSDAX_DEVICE")));
    assertThat(entry.get("granularity").asText()).isEqualTo("cache-line");
    assertThat(entry.get("numa_node").asInt()).isZero();
  }
}
