package io.lode.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.journal.JournalFormat;
import io.lode.kv.index.HashIndex;
import io.lode.pool.PoolFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The table of limits in the README says what the code holds to. */
class LimitsTest {
  private final String limits = section("## Limits");

  LimitsTest() throws IOException {}

  @Test
  void readmeSaysHowLongKeysAndRecordsAre() {
    assertThat(row("a key")).contains("1 to " + number(JournalFormat.MAX_KEY_BYTES) + " bytes");
    assertThat(row("a record"))
        .contains(JournalFormat.SINGLE_HEADER_BYTES + " bytes, the key and the value")
        .contains(number((1 << 20) - JournalFormat.maxRecordBytes(1 << 20)) + " bytes less")
        .contains("from " + (PoolFormat.MIN_SEGMENT_BYTES >> 10) + " KiB")
        .contains("to " + (PoolFormat.MAX_SEGMENT_BYTES >> 30) + " GiB if");
  }

  @Test
  void readmeSaysHowMuchABatchAPoolAndItsWritersAre() {
    assertThat(row("a batch")).contains(number(JournalFormat.MAX_GROUP_RECORDS) + " changes");
    assertThat(row("a pool")).contains("at most " + (HashIndex.ADDRESS_LIMIT >> 40) + " TiB");
    assertThat(row("writes"))
        .contains("up to " + StoreEngine.DEFAULT_WRITERS + ",")
        .contains("up to " + io.lode.journal.Journal.MAX_WRITERS + " if");
  }

  private String row(String begin) {
    return limits.lines().filter(line -> line.startsWith("| " + begin)).findFirst().orElseThrow();
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String section(String heading) throws IOException {
    String readme = Files.readString(Path.of("../README.md"));
    int start = readme.indexOf(heading);
    return readme.substring(start, readme.indexOf("\n## ", start));
  }
}
