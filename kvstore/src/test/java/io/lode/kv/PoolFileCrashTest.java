package io.lode.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.crashtest.FileCrashTest;
import io.lode.crashtest.Mutant;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Crashes while a pool's file is made: its name, its length and its bytes are durable on return.
 */
class PoolFileCrashTest {
  static final FileCrashTest TEST =
      FileCrashTest.of(PoolFileSubject.class, "io.lode.pool", "io.lode.journal", "io.lode.store");
  static final Mutant NO_FOLDER_SYNC =
      Mutant.emptied("io.lode.pool.NewFile", "syncFolder").named("directory-sync-skipped");

  @TempDir private Path folder;

  @Test
  void crashesAndFullDisksLeaveNoPoolOrAWholeOne() throws IOException {
    FileCrashTest.Result result = TEST.run(folder);
    assertThat(result.wrong()).isEmpty();
    assertThat(result.images()).isGreaterThan(10);
    assertThat(result.failures()).isGreaterThan(8);
  }

  @Test
  void skippedSyncOfTheFolderIsNoticed() throws IOException {
    assertThat(TEST.planted(NO_FOLDER_SYNC).run(folder).wrong())
        .anyMatch(wrong -> wrong.contains("without the folder's entry"));
  }
}
