package io.lode.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.kv.KvConfig;
import io.lode.kv.KvStore;
import io.lode.store.StoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code lode} answers, as a process, where a pool should be and something else is. */
class BadInputTest {
  private static final int VERSION_OFFSET = 8;
  private static final int SECOND_HEADER_OFFSET = 4096;

  @TempDir Path folder;
  private Path pool;

  @BeforeEach
  void create() {
    pool = folder.resolve("pool");
    CommandRun.of("kv", "create", pool, "--size", "1M");
    CommandRun.of("kv", "put", pool, "key", "value");
  }

  @Test
  void missingPathIsNotFound() throws Exception {
    Path none = folder.resolve("none");
    assertFails(4, none, "info", none);
    assertFailsHere(4, none, "kv", "get", none, "key");
    assertFailsHere(4, none, "kv", "check", none);
    assertFailsHere(4, folder.resolve("no/pool"), "kv", "create", folder.resolve("no/pool"));
    assertThat(none).doesNotExist();
  }

  @Test
  void directoryIsForeign() throws Exception {
    assertFails(6, folder, "info", folder);
    assertFailsHere(6, folder, "kv", "get", folder, "key");
    assertFailsHere(6, folder, "kv", "create", folder, "--overwrite");
    assertFailsHere(6, folder, "kv", "check", folder);
  }

  @Test
  void fifoIsForeignAndDoesNotHang() throws Exception {
    Path fifo = folder.resolve("fifo");
    ProcessRun.system("mkfifo", fifo);
    assertFails(6, fifo, "info", fifo);
    assertFailsHere(6, fifo, "kv", "get", fifo, "key");
    assertFailsHere(6, fifo, "kv", "create", fifo, "--overwrite");
    assertFailsHere(6, fifo, "kv", "check", fifo);
  }

  @Test
  void otherDevicesAreForeign() throws Exception {
    Path device = Path.of("/dev/null");
    assertFails(6, device, "info", device);
    assertFailsHere(6, device, "kv", "put", device, "key", "value");
    assertFailsHere(6, device, "kv", "create", device, "--overwrite");
    assertFailsHere(6, device, "demo", "--pool", device, "--overwrite");
  }

  @Test
  void emptyFileIsForeign() throws Exception {
    Path empty = Files.createFile(folder.resolve("empty"));
    assertFails(6, empty, "kv", "get", empty, "key");
    assertFailsHere(6, empty, "kv", "check", empty);
    assertFailsHere(6, empty, "kv", "create", empty);
    assertThat(empty).isEmptyFile();
  }

  @Test
  void foreignFileStaysAsItIs() throws Exception {
    byte[] content = "Dear diary, ".repeat(10_000).getBytes(UTF_8);
    Path foreign = Files.write(folder.resolve("foreign"), content);
    assertFails(6, foreign, "kv", "get", foreign, "key");
    assertFailsHere(6, foreign, "kv", "put", foreign, "key", "value", "--accept-loss");
    assertFailsHere(6, foreign, "kv", "check", foreign);
    assertFailsHere(6, foreign, "kv", "create", foreign);
    assertFailsHere(6, foreign, "demo", "--pool", foreign);
    assertFailsHere(6, foreign, "demo", "--pool", foreign, "--overwrite");
    assertThat(foreign).hasBinaryContent(content);
  }

  @Test
  void truncatedPoolIsDamagedAndStaysAsItIs() throws Exception {
    byte[] whole = Files.readAllBytes(pool);
    cutTo(whole.length / 2);
    byte[] half = Files.readAllBytes(pool);
    assertFails(1, pool, "kv", "get", pool, "key");
    assertFailsHere(1, pool, "kv", "check", pool);
    assertThat(pool).hasBinaryContent(half);
    Files.write(pool, whole);
    assertThat(CommandRun.of("kv", "get", pool, "key").out()).isEqualTo("value");
  }

  @Test
  void poolCutToLessThanItsHeaderIsForeign() throws Exception {
    cutTo(100);
    assertFails(6, pool, "kv", "get", pool, "key");
    assertThat(pool).hasSize(100);
  }

  @Test
  void poolOfANewerVersionStaysAsItIs() throws Exception {
    try (var file = new RandomAccessFile(pool.toFile(), "rw")) {
      for (long header : new long[] {0, SECOND_HEADER_OFFSET}) {
        file.seek(header + VERSION_OFFSET);
        file.write(9);
      }
    }
    byte[] newer = Files.readAllBytes(pool);
    assertFails(6, pool, "kv", "get", pool, "key");
    assertFailsHere(6, pool, "kv", "check", pool);
    assertFailsHere(6, pool, "kv", "create", pool);
    assertFailsHere(6, pool, "demo", "--pool", pool, "--overwrite");
    assertThat(pool).hasBinaryContent(newer);
  }

  @Test
  void poolInUseByAnotherProcessIsLocked() throws Exception {
    // It has the pool open while it waits for the value.
    Process holder =
        new ProcessBuilder(ProcessRun.command("kv", "put", pool, "other", "-"))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (OutputStream input = holder.getOutputStream()) {
      Await.until(this::isLocked, holder);
      assertFails(3, pool, "kv", "get", pool, "key");
      assertFailsHere(3, pool, "kv", "check", pool);
      assertFailsHere(3, pool, "kv", "create", pool, "--overwrite");
      assertThat(CommandRun.of("info", pool).code().number()).isZero();
      input.write("late".getBytes(UTF_8));
    } finally {
      // Its input has ended: so does it, whatever was found.
      Await.end(holder);
    }
    assertThat(holder.exitValue()).isZero();
    assertThat(CommandRun.of("kv", "get", pool, "key").out()).isEqualTo("value");
    assertThat(CommandRun.of("kv", "get", pool, "other").out()).isEqualTo("late");
  }

  @Test
  void poolOnAReadOnlyFileSystemIsReadAndCannotBeWritten() throws Exception {
    ProcessRun.system("mount", "--bind", folder, folder);
    try {
      ProcessRun.system("mount", "-o", "remount,bind,ro", folder);
      assertThat(ProcessRun.lode("kv", "get", pool, "key"))
          .isEqualTo(new ProcessRun(0, "value", ""));
      assertThat(CommandRun.of("kv", "scan", pool).out()).isEqualTo("key\tvalue\n");
      assertThat(CommandRun.of("kv", "stat", pool).code().number()).isZero();
      assertFails(7, pool, "kv", "put", pool, "key", "other");
      assertFailsHere(7, pool, "kv", "put", pool, "key", "other");
      assertFailsHere(7, folder.resolve("new"), "kv", "create", folder.resolve("new"));
      assertThat(CommandRun.of("kv", "check", pool).code().number()).isZero();
      assertThat(CommandRun.of("info", pool).code().number()).isZero();
    } finally {
      ProcessRun.system("umount", folder);
    }
    assertThat(CommandRun.of("kv", "get", pool, "key").out()).isEqualTo("value");
  }

  @Test
  void fullFileSystemLeavesNothingBehind() throws Exception {
    Path small = Files.createDirectory(folder.resolve("small"));
    ProcessRun.system("mount", "-t", "tmpfs", "-o", "size=1m", "lode-test", small);
    try {
      assertFails(5, small.resolve("p"), "kv", "create", small.resolve("p"), "--size", "8M");
      assertThat(small).isEmptyDirectory();
      assertFailsHere(5, small.resolve("p"), "demo", "--limit", "10", "--pool", small.resolve("p"));
      assertThat(small).isEmptyDirectory();
    } finally {
      ProcessRun.system("umount", small);
    }
  }

  @Test
  void poolThatCannotGrowStaysAsItWas() throws Exception {
    Path small = Files.createDirectory(folder.resolve("small"));
    ProcessRun.system("mount", "-t", "tmpfs", "-o", "size=3m", "lode-test", small);
    try {
      Path grown = small.resolve("p");
      assertThat(CommandRun.of("kv", "create", grown, "--size", "1M").code().number()).isZero();
      CommandRun.of("kv", "put", grown, "key", "value");
      assertFails(5, grown, "kv", "grow", grown, "8M");
      assertThat(Files.size(grown)).isEqualTo(1 << 20);
      assertThat(CommandRun.of("kv", "get", grown, "key").out()).isEqualTo("value");
      assertThat(CommandRun.of("kv", "grow", grown, "2M").code().number()).isZero();
      assertThat(CommandRun.of("kv", "check", grown).code().number()).isZero();
    } finally {
      ProcessRun.system("umount", small);
    }
  }

  @Test
  void poolThatGrowsByItselfIsFullWhereItsFileSystemIs() throws Exception {
    Path small = Files.createDirectory(folder.resolve("small"));
    ProcessRun.system("mount", "-t", "tmpfs", "-o", "size=3m", "lode-test", small);
    try {
      Path grown = small.resolve("p");
      var config =
          KvConfig.builder()
              .capacityBytes(1 << 20)
              .segmentBytes(64 << 10)
              .maxCapacityBytes(1 << 30)
              .build();
      int[] put = {0};
      try (KvStore store = KvStore.create(grown, config)) {
        assertThatThrownBy(
                () -> {
                  for (; ; put[0]++) {
                    store.put(("key " + put[0]).getBytes(UTF_8), new byte[1000]);
                  }
                })
            .isInstanceOf(StoreException.Full.class);
        assertThat(store.size()).isEqualTo(put[0]);
      }
      assertThat(Files.size(grown)).isBetween(2L << 20, 3L << 20);
      try (KvStore store = KvStore.open(grown, config)) {
        assertThat(store.recovery().clean()).isTrue();
        assertThat(store.size()).isEqualTo(put[0]);
      }
    } finally {
      ProcessRun.system("umount", small);
    }
  }

  @Test
  void fullPoolKeepsWhatItHas() throws Exception {
    byte[] value = new byte[20_000];
    Path file = Files.write(folder.resolve("value"), value);
    int put = 0;
    for (CommandRun run = CommandRun.of("kv", "put", pool, "k0", "--file", file);
        run.code().number() == 0;
        run = CommandRun.of("kv", "put", pool, "k" + put, "--file", file)) {
      put++;
    }
    ProcessRun last = ProcessRun.lode("kv", "put", pool, "another", "--file", file);
    assertThat(last.code()).as(last.err()).isEqualTo(5);
    assertThat(put).isGreaterThan(20);
    assertThat(CommandRun.of("kv", "get", pool, "key").out()).isEqualTo("value");
    assertThat(CommandRun.of("kv", "scan", pool, "--keys").out().lines()).hasSize(put + 1);
  }

  @Test
  void withoutLibndctlAndLibnumaEverythingWorks() throws Exception {
    assertThat(withoutLibraries("kv", "get", pool, "key").out()).isEqualTo("value");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThat(withoutLibraries("kv", "load", pool, empty).code()).isZero();
    assertThat(withoutLibraries("info", pool).out()).contains("granularity");
  }

  /** Runs a command in a mount namespace where the libraries are empty files. */
  private static ProcessRun withoutLibraries(Object... arguments) throws Exception {
    List<String> command = ProcessRun.command(arguments);
    command.addAll(
        0,
        List.of(
            "unshare",
            "-m",
            "bash",
            "-c",
            "for f in $(ldconfig -p | sed -n 's/.*=> //p' | grep -E '/lib(ndctl|daxctl|numa)\\.so');"
                + " do mount --bind /dev/null $f; done; exec \"$@\"",
            "hide"));
    ProcessRun run = ProcessRun.run(command);
    assertThat(run.err()).isEmpty();
    return run;
  }

  @Test
  void deniedNativeAccessNamesTheFlag() throws Exception {
    byte[] before = Files.readAllBytes(pool);
    for (List<Object> command :
        List.<List<Object>>of(
            List.of("kv", "get", pool, "key"),
            List.of("kv", "check", pool),
            List.of("info", pool),
            List.of("kv", "create", folder.resolve("new"), "--size", "1M"))) {
      ProcessRun run =
          ProcessRun.run(
              ProcessRun.command(List.of("--illegal-native-access=deny"), command.toArray()));
      assertThat(run.code()).as(command + ": " + run).isEqualTo(7);
      assertThat(run.err()).contains("--enable-native-access").startsWith("lode: ");
      assertThat(run.err().lines()).hasSize(1);
    }
    assertThat(pool).hasBinaryContent(before);
    assertThat(folder.resolve("new")).doesNotExist();
  }

  @Test
  void argumentsThatTheLocaleCannotDecodeAreRefused() throws Exception {
    List<String> command = ProcessRun.command("kv", "put", pool, "ä", "value");
    command.addAll(0, List.of("env", "LC_ALL=C"));
    ProcessRun run = ProcessRun.run(command);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("UTF-8");
    assertThat(CommandRun.of("kv", "scan", pool, "--keys").out()).isEqualTo("key\n");
  }

  @Test
  void readerThatGoesAwayEndsAScanQuietly() throws Exception {
    Path large = folder.resolve("large");
    CommandRun.of("kv", "create", large, "--size", "16M", "--segment", "4M");
    CommandRun.withInput(new byte[1 << 20], "kv", "put", large, "a", "-");
    CommandRun.withInput(new byte[1 << 20], "kv", "put", large, "b", "-");
    List<String> scan = ProcessRun.command("kv", "scan", large);
    scan.addAll(0, List.of("bash", "-c", "\"$@\" | head -c 1; echo \":${PIPESTATUS[0]}\"", "scan"));
    ProcessRun run = ProcessRun.run(scan);
    assertThat(run.out()).matches("[ab]:0\n");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void standardStreamsThatAreClosedAreNotTakenForFiles() throws Exception {
    byte[] before = Files.readAllBytes(pool);
    ProcessRun put = ProcessRun.run(closing("<&-", "kv", "put", pool, "key", "-"));
    assertThat(put.code()).isEqualTo(7);
    assertThat(put.err()).isEqualTo("lode: standard input cannot be read: it is closed\n");
    assertThat(CommandRun.of("kv", "get", pool, "key").out()).isEqualTo("value");
    ProcessRun get = ProcessRun.run(closing(">&-", "kv", "get", pool, "key"));
    assertThat(get.code()).isEqualTo(7);
    assertThat(get.err()).startsWith("lode: standard output cannot be written");
    // The JVM may have opened /dev/null instead: then nothing can tell, and nothing is harmed.
    ProcessRun.run(closing("<&- >&- 2>&-", "kv", "get", pool, "key"));
    assertThat(Files.size(pool)).isEqualTo(before.length);
    assertThat(CommandRun.of("kv", "check", pool).code().number()).isZero();
  }

  private static List<String> closing(String descriptors, Object... arguments) {
    List<String> command = ProcessRun.command(arguments);
    command.addAll(0, List.of("bash", "-c", "\"$@\" " + descriptors, "closing"));
    return command;
  }

  @Test
  void outputThatCannotBeWrittenIsASystemError() throws Exception {
    List<String> get = ProcessRun.command("kv", "get", pool, "key");
    get.addAll(0, List.of("bash", "-c", "\"$@\" > /dev/full", "get"));
    ProcessRun run = ProcessRun.run(get);
    assertThat(run.code()).isEqualTo(7);
    assertThat(run.err()).startsWith("lode: standard output").contains("No space left");
  }

  @Test
  void stackTraceShowsOnlyWhenAskedFor() throws Exception {
    Path none = folder.resolve("none");
    assertThat(ProcessRun.lode("kv", "get", none, "key").err()).doesNotContain("\tat ");
    assertThat(ProcessRun.lode("kv", "get", none, "key", "--debug").err()).contains("\tat io.lode");
  }

  private static void assertFails(int code, Path named, Object... command) throws Exception {
    ProcessRun run = ProcessRun.lode(command);
    assertThat(run.code()).as("%s: %s", List.of(command), run).isEqualTo(code);
    assertThat(run.err()).startsWith("lode: ").contains(named.toString());
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.out()).isEmpty();
  }

  /** The same without the cost of another JVM. */
  private static void assertFailsHere(int code, Path named, Object... command) {
    CommandRun run = CommandRun.of(command);
    assertThat(run.code().number()).as("%s: %s", List.of(command), run.err()).isEqualTo(code);
    assertThat(run.err()).startsWith("lode: ").contains(named.toString());
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.out()).isEmpty();
  }

  private void cutTo(long bytes) throws IOException {
    try (var file = new RandomAccessFile(pool.toFile(), "rw")) {
      file.setLength(bytes);
    }
  }

  /** Without taking the lock to try: the process that is waited for would find it taken. */
  private boolean isLocked() throws IOException {
    String inode = ":" + Files.getAttribute(pool, "unix:ino") + " ";
    return Files.readAllLines(Path.of("/proc/locks")).stream()
        .anyMatch(lock -> lock.contains("FLOCK") && lock.contains(inode));
  }
}
