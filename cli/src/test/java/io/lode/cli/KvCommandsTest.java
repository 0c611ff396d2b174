package io.lode.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lode.cli.console.ExitCode;
import io.lode.kv.KvConfig;
import io.lode.kv.KvStore;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KvCommandsTest {
  @TempDir Path folder;
  private Path pool;

  @BeforeEach
  void create() {
    pool = folder.resolve("pool");
    assertFine(CommandRun.of("kv", "create", pool, "--size", "4M"));
  }

  @Test
  void createTellsTheMediumAndTakesTheSizeAskedFor() throws Exception {
    Path other = folder.resolve("other");
    JsonNode report =
        CommandRun.of("kv", "create", other, "--size", "8M", "--segment", "64K", "--json").json();
    assertThat(report.get("sizeBytes").asLong()).isEqualTo(8 << 20);
    assertThat(report.get("segments").asInt()).isEqualTo(127);
    assertThat(report.get("granularity").asText()).isEqualTo("page");
    assertThat(report.get("durability").asText()).isNotEmpty();
    assertThat(Files.size(other)).isEqualTo(8 << 20);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(other)))
        .isEqualTo("rw-------");
  }

  @Test
  void statDrawsAFieldForEachSegmentOnAPageWithNothingFromElsewhere() throws Exception {
    Path odd = folder.resolve("<b>&'odd\"");
    assertFine(CommandRun.of("kv", "create", odd, "--size", "4M", "--segment", "64K"));
    assertFine(CommandRun.of("kv", "put", odd, "k", "v"));
    Path html = folder.resolve("map.html");
    CommandRun run = CommandRun.of("kv", "stat", odd, "--json", "--html", html);
    int segments = run.json().get("segments").asInt();
    String page = Files.readString(html);
    assertThat(page.split("<span ", -1)).hasSize(2 * segments + 1);
    assertThat(page)
        .contains("&lt;b&gt;&amp;&#39;odd&quot;", ": open, 0 % live, age 1\">w</span>")
        .contains("<tr><td>damaged</td><td>0</td>", "<dt>medium</dt>")
        .doesNotContain("<b>", "<script", "http:", "https:", "url(", "@import", "src=", "href=");
  }

  @Test
  void pageNeverReplacesThePool() throws Exception {
    byte[] before = Files.readAllBytes(pool);
    Path link = Files.createSymbolicLink(folder.resolve("link"), pool);
    for (Path page : new Path[] {pool, link, folder}) {
      assertThat(CommandRun.of("kv", "stat", pool, "--html", page).code())
          .isEqualTo(ExitCode.USAGE);
    }
    assertThat(pool).hasBinaryContent(before);
  }

  @Test
  void createRefusesAMediumThatIsTooCoarse() {
    CommandRun run =
        CommandRun.of("kv", "create", folder.resolve("x"), "--size", "4M", "--require", "byte");
    assertThat(run.code()).isEqualTo(ExitCode.SYSTEM);
    assertThat(run.err()).contains("BYTE");
    assertThat(folder.resolve("x")).doesNotExist();
  }

  @Test
  void createKeepsWhatIsThereUnlessToldOtherwise() throws Exception {
    CommandRun.of("kv", "put", pool, "k", "v");
    byte[] before = Files.readAllBytes(pool);
    assertThat(CommandRun.of("kv", "create", pool).code()).isEqualTo(ExitCode.FOREIGN);
    assertThat(pool).hasBinaryContent(before);
    assertFine(CommandRun.of("kv", "create", pool, "--size", "4M", "--overwrite"));
    assertThat(CommandRun.of("kv", "get", pool, "k").code()).isEqualTo(ExitCode.NOT_FOUND);
  }

  @Test
  void sizesThatCannotBeAreUsageErrors() {
    for (String size : new String[] {"0", "1", "9999999999T", "-1", "x", ""}) {
      assertThat(CommandRun.of("kv", "create", folder.resolve("x"), "--size=" + size).code())
          .as(size)
          .isEqualTo(ExitCode.USAGE);
    }
    assertThat(CommandRun.of("kv", "create", folder.resolve("x"), "--segment", "5000").code())
        .isEqualTo(ExitCode.USAGE);
    assertThat(folder.resolve("x")).doesNotExist();
  }

  @Test
  void valueComesFromTheCommandLineAFileOrStandardInput() throws Exception {
    byte[] binary = {0, (byte) 0xFF, 10, 27};
    Path file = Files.write(folder.resolve("value"), binary);
    assertFine(CommandRun.of("kv", "put", pool, "argument", "größe"));
    assertFine(CommandRun.of("kv", "put", pool, "file", "--file", file));
    assertFine(CommandRun.withInput(binary, "kv", "put", pool, "input", "-"));
    assertFine(CommandRun.of("kv", "put", pool, "empty", ""));
    assertThat(CommandRun.of("kv", "get", pool, "argument").out()).isEqualTo("größe");
    assertThat(CommandRun.of("kv", "get", pool, "file").bytes()).isEqualTo(binary);
    assertThat(CommandRun.of("kv", "get", pool, "input").bytes()).isEqualTo(binary);
    assertThat(CommandRun.of("kv", "get", pool, "empty").bytes()).isEmpty();
  }

  @Test
  void compactMakesReplacedSpaceFreeAndStatShowsTheSegments() {
    for (int round = 0; round < 40; round++) {
      assertFine(CommandRun.of("kv", "put", pool, "key", "value ".repeat(8000)));
    }
    CommandRun before = CommandRun.of("kv", "stat", pool);
    assertThat(before.out()).contains("garbage").contains("Segments: . free").contains("w");
    CommandRun compacted = CommandRun.of("kv", "compact", pool);
    assertFine(compacted);
    assertThat(compacted.out()).contains("free segments: ").contains(" now; ");
    assertThat(CommandRun.of("kv", "get", pool, "key").out()).isEqualTo("value ".repeat(8000));
  }

  @Test
  void poolWithAnotherIdThanTheRequiredOneIsRefused() {
    String wrong = "00000000-0000-4000-8000-000000000000";
    CommandRun refused = CommandRun.of("kv", "get", pool, "key", "--id", wrong);
    assertThat(refused.code()).isEqualTo(ExitCode.FOREIGN);
    assertThat(refused.err()).contains(wrong).contains("was required; nothing was changed");
    CommandRun malformed = CommandRun.of("kv", "get", pool, "key", "--id", "x");
    assertThat(malformed.code()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void copyPutsAllEntriesIntoAnotherPool() throws Exception {
    for (int number = 0; number < 5; number++) {
      assertFine(CommandRun.of("kv", "put", pool, "key " + number, "v".repeat(40_000)));
    }
    byte[] before = Files.readAllBytes(pool);
    Path large = folder.resolve("large");
    assertFine(CommandRun.of("kv", "create", large, "--size", "8M"));
    CommandRun copied = CommandRun.of("kv", "copy", pool, large);
    assertFine(copied);
    assertThat(copied.out()).isEqualTo("5 entries copied\n");
    assertThat(pool).hasBinaryContent(before);
    assertThat(CommandRun.of("kv", "get", large, "key 4").out()).isEqualTo("v".repeat(40_000));
    CommandRun again = CommandRun.of("kv", "copy", pool, large);
    assertThat(again.code()).isEqualTo(ExitCode.USAGE);
    assertThat(again.err()).contains("has 5 entries; --add copies");
    assertFine(CommandRun.of("kv", "copy", pool, large, "--add"));
    assertThat(CommandRun.of("kv", "copy", pool, pool).code()).isEqualTo(ExitCode.USAGE);
    assertThat(CommandRun.of("kv", "copy", pool, folder.resolve("none")).code())
        .isEqualTo(ExitCode.NOT_FOUND);
    Path small = folder.resolve("small");
    assertFine(CommandRun.of("kv", "create", small, "--size", "256K", "--segment", "64K"));
    CommandRun full = CommandRun.of("kv", "copy", large, small);
    assertThat(full.code()).isEqualTo(ExitCode.FULL);
    assertThat(full.err()).contains("entries were copied before the target was full");
  }

  /** More than a segment of the target holds at a time. */
  @Test
  void copyFitsItsBatchesToTheTargetsSegments() {
    try (KvStore store = KvStore.open(pool, KvConfig.defaults())) {
      for (int number = 0; number < 1000; number++) {
        store.put(("key " + number).getBytes(UTF_8), new byte[number % 300]);
      }
    }
    Path small = folder.resolve("small");
    assertFine(CommandRun.of("kv", "create", small, "--size", "2M", "--segment", "16K"));
    assertFine(CommandRun.of("kv", "copy", pool, small));
    try (KvStore store = KvStore.open(small, KvConfig.defaults())) {
      assertThat(store.size()).isEqualTo(1000);
      assertThat(store.get("key 299".getBytes(UTF_8))).hasValue(new byte[299]);
    }
  }

  @Test
  void growMakesAPoolLarger() throws Exception {
    assertFine(CommandRun.of("kv", "put", pool, "key", "value"));
    CommandRun grown = CommandRun.of("kv", "grow", pool, "8M");
    assertFine(grown);
    assertThat(grown.out()).matches("8 MiB, 31 segments before, 63 now, \\d+ of them free\n");
    assertThat(Files.size(pool)).isEqualTo(8 << 20);
    assertThat(CommandRun.of("kv", "get", pool, "key").out()).isEqualTo("value");
    CommandRun smaller = CommandRun.of("kv", "grow", pool, "4M");
    assertThat(smaller.code()).isEqualTo(ExitCode.USAGE);
    assertThat(smaller.err()).contains("63 segments; with one more it needs at least ");
  }

  @Test
  void whatScanPrintsNamesAKey() {
    byte[] key = {'a', (byte) 0xFF, '\t', '\\', (byte) 0xC3, (byte) 0xA4};
    try (KvStore store = KvStore.open(pool, KvConfig.defaults())) {
      store.put(key, "value".getBytes(UTF_8));
    }
    String printed = CommandRun.of("kv", "scan", pool, "--keys").out().strip();
    assertThat(printed).isEqualTo("a\\xff\\t\\\\ä");
    assertThat(CommandRun.of("kv", "get", pool, printed, "--escaped").out()).isEqualTo("value");
    assertFine(CommandRun.of("kv", "put", pool, printed, "new", "--escaped"));
    assertThat(CommandRun.of("kv", "scan", pool, "--prefix", "a\\xff", "--escaped").out())
        .isEqualTo(printed + "\tnew\n");
    assertFine(CommandRun.of("kv", "del", pool, printed, "--escaped"));
    for (String wrong : new String[] {"\\", "\\q", "\\x1", "a\\xg0b"}) {
      CommandRun refused = CommandRun.of("kv", "get", pool, wrong, "--escaped");
      assertThat(refused.code()).as(wrong).isEqualTo(ExitCode.USAGE);
      assertThat(refused.err()).contains("after a backslash must come xHH");
    }
  }

  @Test
  void commandsThatReadRunBesideOtherReadersAndChangeNothing() throws Exception {
    assertFine(CommandRun.of("kv", "put", pool, "key", "value"));
    byte[] before = Files.readAllBytes(pool);
    KvConfig readOnly = KvConfig.builder().readOnly(true).build();
    try (KvStore reader = KvStore.open(pool, readOnly)) {
      assertThat(CommandRun.of("kv", "get", pool, "key").out()).isEqualTo("value");
      assertThat(CommandRun.of("kv", "scan", pool).out()).isEqualTo("key\tvalue\n");
      assertThat(CommandRun.of("kv", "stat", pool).out()).contains("entries");
      assertThat(CommandRun.of("kv", "check", pool).out()).contains("sound");
      assertThat(CommandRun.of("kv", "put", pool, "key", "new").code()).isEqualTo(ExitCode.LOCKED);
      assertThat(reader.size()).isEqualTo(1);
    }
    assertThat(pool).hasBinaryContent(before);
  }

  @Test
  void pathsThatCannotBeMeantAreUsageErrors() {
    CommandRun empty = CommandRun.of("kv", "create", "");
    assertThat(empty.code()).isEqualTo(ExitCode.USAGE);
    assertThat(empty.err()).contains("give a path, not an empty text");
    CommandRun directory = CommandRun.of("kv", "put", pool, "key", "--file", folder);
    assertThat(directory.code()).isEqualTo(ExitCode.USAGE);
    assertThat(directory.err()).contains(folder + " is a folder; lode kv load");
  }

  @Test
  void valueMustComeFromOnePlace() throws Exception {
    Path file = Files.createFile(folder.resolve("value"));
    assertThat(CommandRun.of("kv", "put", pool, "k").code()).isEqualTo(ExitCode.USAGE);
    assertThat(CommandRun.of("kv", "put", pool, "k", "v", "--file", file).code())
        .isEqualTo(ExitCode.USAGE);
    CommandRun missing = CommandRun.of("kv", "put", pool, "k", "--file", folder.resolve("none"));
    assertThat(missing.code()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(missing.err()).contains("none: no such file");
  }

  @Test
  void keysMayLookLikeAnything() {
    for (String key : new String[] {"@key", "-k", "--file", "a b", "ключ", "${sys:user.home}"}) {
      assertFine(CommandRun.of("kv", "put", "--", pool, key, "value of " + key));
      assertThat(CommandRun.of("kv", "get", "--", pool, key).out()).isEqualTo("value of " + key);
    }
  }

  @Test
  void keyOfAForbiddenLengthIsAUsageError() {
    assertThat(CommandRun.of("kv", "put", pool, "", "v").code()).isEqualTo(ExitCode.USAGE);
    assertThat(CommandRun.of("kv", "put", pool, "k".repeat(65_536), "v").code())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void valueLargerThanASegmentIsAUsageErrorThatNamesTheWayOut() {
    CommandRun run = CommandRun.withInput(new byte[2 << 20], "kv", "put", pool, "k", "-");
    assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("--segment");
  }

  @Test
  void missingKeyIsNotFound() {
    assertThat(CommandRun.of("kv", "get", pool, "none").code()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(CommandRun.of("kv", "del", pool, "none").code()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(CommandRun.of("kv", "get", pool, "none").err()).contains("none");
  }

  @Test
  void deletedKeyIsGone() {
    CommandRun.of("kv", "put", pool, "k", "v");
    assertFine(CommandRun.of("kv", "del", pool, "k"));
    assertThat(CommandRun.of("kv", "get", pool, "k").code()).isEqualTo(ExitCode.NOT_FOUND);
  }

  @Test
  void nothingPrintedToATerminalActsOnIt() {
    CommandRun.withInput(
        "\u001b[31m\u009b\n\u202e".getBytes(UTF_8), "kv", "put", pool, "k\u0007", "-");
    assertThat(CommandRun.onTerminal("kv", "get", pool, "k\u0007").out())
        .isEqualTo("\\x1b[31m\\xc2\\x9b\\n\\xe2\\x80\\xae\n");
    assertThat(CommandRun.of("kv", "scan", pool).out())
        .isEqualTo("k\\x07\t\\x1b[31m\\xc2\\x9b\\n\\xe2\\x80\\xae\n");
    assertThat(CommandRun.onTerminal("kv", "scan", "--json", pool).out())
        .isEqualTo("{\"key\":\"k\\u0007\",\"value\":\"\\u001B[31m\\u009B\\n\\u202E\"}\n");
    assertThat(CommandRun.onTerminal("kv", "get", pool, "\u001bnone").err())
        .doesNotContain("\u001b");
  }

  @Test
  void bytesThatAreNoTextAreBase64InJson() throws Exception {
    CommandRun.withInput(new byte[] {(byte) 0xFF, 1}, "kv", "put", pool, "k", "-");
    JsonNode entry = CommandRun.of("kv", "get", pool, "k", "--json").json();
    assertThat(entry.get("key").asText()).isEqualTo("k");
    assertThat(entry.has("value")).isFalse();
    assertThat(Base64.getDecoder().decode(entry.get("valueBase64").asText()))
        .containsExactly(0xFF, 1);
  }

  @Test
  void scanPrintsWhatIsAskedFor() {
    for (String key : new String[] {"a1", "a2", "b1"}) {
      CommandRun.of("kv", "put", pool, key, "v" + key);
    }
    assertThat(CommandRun.of("kv", "scan", pool).out().lines())
        .containsExactlyInAnyOrder("a1\tva1", "a2\tva2", "b1\tvb1");
    assertThat(CommandRun.of("kv", "scan", pool, "--keys", "--prefix", "a").out().lines())
        .containsExactlyInAnyOrder("a1", "a2");
    assertThat(CommandRun.of("kv", "scan", pool, "--limit", "2").out().lines()).hasSize(2);
    assertThat(CommandRun.of("kv", "scan", pool, "--limit", "0").out()).isEmpty();
    assertThat(CommandRun.of("kv", "scan", pool, "--keys", "--json", "--prefix", "b").out())
        .isEqualTo("{\"key\":\"b1\"}\n");
    assertThat(CommandRun.of("kv", "scan", pool, "--limit", "-1").code()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void statCounts() throws Exception {
    CommandRun.of("kv", "put", pool, "k", "v");
    CommandRun.of("kv", "put", pool, "k", "w");
    JsonNode stat = CommandRun.of("kv", "stat", pool, "--json").json();
    assertThat(stat.get("entries").asLong()).isEqualTo(1);
    assertThat(stat.get("nextSequence").asLong()).isEqualTo(3);
    assertThat(stat.get("clean").asBoolean()).isTrue();
    assertThat(stat.get("damages")).isEmpty();
    assertThat(CommandRun.of("kv", "stat", pool).out()).contains("entries        1");
  }

  @Test
  void statCheckAndInfoTellWhatIsBelowThePool() throws Exception {
    CommandRun.of("kv", "put", pool, "k", "v");
    String id = CommandRun.of("kv", "stat", pool, "--json").json().get("id").asText();
    long size = Files.size(pool);
    Files.write(pool, new byte[4096], StandardOpenOption.APPEND);
    for (String command : new String[] {"check", "stat", "stat"}) {
      JsonNode changes = CommandRun.of("kv", command, pool, "--json").json().get("deviceChanges");
      assertThat(changes).as(command).hasSize(1);
      assertThat(changes.get(0).get("kind").asText()).isEqualTo("LARGER");
      assertThat(CommandRun.of("kv", command, pool).out().replaceAll("\\s+", " "))
          .contains("device the pool has " + size + " bytes and the device " + (size + 4096));
    }
    CommandRun info = CommandRun.of("info", pool, "--json");
    assertThat(info.json().get(0).get("pool_id").asText()).isEqualTo(id);
    assertThat(CommandRun.of("info", pool).out()).containsPattern("pool +" + id);
  }

  @Test
  void checkWritesNothingAndFindsDamage() throws Exception {
    CommandRun.of("kv", "put", pool, "key", "needle in the haystack");
    byte[] before = Files.readAllBytes(pool);
    CommandRun sound = CommandRun.of("kv", "check", pool, "--json");
    assertFine(sound);
    assertThat(sound.json().get("sound").asBoolean()).isTrue();
    assertThat(pool).hasBinaryContent(before);

    long at = new String(before, ISO_8859_1).indexOf("needle");
    try (var file = new RandomAccessFile(pool.toFile(), "rw")) {
      file.seek(at);
      file.write('N');
    }
    CommandRun damaged = CommandRun.of("kv", "check", pool, "--json");
    assertThat(damaged.code()).isEqualTo(ExitCode.MISMATCH);
    assertThat(damaged.json().get("damages")).isNotEmpty();
    assertThat(CommandRun.of("kv", "check", pool).out()).contains("damage").contains("offset");
    CommandRun get = CommandRun.of("kv", "get", pool, "key");
    assertThat(get.code()).isEqualTo(ExitCode.MISMATCH);
    assertThat(get.out()).isEmpty();
  }

  @Test
  void jsonLinesAreJson() throws Exception {
    CommandRun.of("kv", "put", pool, "k\"\\\n", "v");
    for (String line : CommandRun.of("kv", "scan", pool, "--json").out().lines().toList()) {
      assertThat(JsonMapper.builder().build().readTree(line).get("key").asText())
          .isEqualTo("k\"\\\n");
    }
  }

  private static void assertFine(CommandRun run) {
    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.FINE);
  }
}
