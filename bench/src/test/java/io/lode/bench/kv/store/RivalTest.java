package io.lode.bench.kv.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The stores that need no flags; the others run in processes of their own, in ./check bench. */
class RivalTest {
  private static final byte[] KEY = "sixteen bytes ok".getBytes(US_ASCII);
  private static final byte[] OTHER = "sixteen bytes no".getBytes(US_ASCII);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(
      value = Rival.class,
      names = {"LODE", "ROCKSDBJNI", "MVSTORE", "XODUS", "SQLITE"})
  void whatIsPutIsReadScannedAndDeletedAlsoAfterReopening(Rival rival) throws Exception {
    var sizing = new Sizing(100, 16, 200, 1000, 0);
    byte[] value = new byte[200];
    value[0] = 42;
    byte[] found = new byte[200];
    try (Subject subject = rival.open(folder, sizing)) {
      assertThat(subject.durability()).isNotEmpty();
      try (Session session = subject.session()) {
        session.put(KEY, value);
        value[0] = 43; // the array is the caller's again
        session.put(OTHER, value);
        assertThat(session.get(KEY, found)).isEqualTo(200);
        assertThat(found[0]).isEqualTo((byte) 42);
        assertThat(session.scan()).isEqualTo(2);
        session.delete(OTHER);
        assertThat(session.get(OTHER, found)).isEqualTo(-1);
      }
    }
    try (Subject subject = rival.open(folder, sizing);
        Session session = subject.session()) {
      assertThat(session.get(KEY, found)).isEqualTo(200);
      assertThat(session.scan()).isEqualTo(1);
    }
  }

  /** Chronicle Map reports its use to a service, through a library that is left out. */
  @Test
  void nothingReportsWhatIsMeasuredHere() {
    assertThatThrownBy(() -> Class.forName("net.openhft.chronicle.analytics.Analytics"))
        .isInstanceOf(ClassNotFoundException.class);
    assertThat(Rival.CHRONICLE.jvmOptions()).contains("-Dchronicle.analytics.disable=true");
  }
}
