package io.lode.kv;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JNA is for setting up: nothing that is done with a record goes through it. */
class NativeCallsTest {
  @TempDir private Path folder;

  @Test
  void noOperationOnADeviceWithANodeCallsThroughJna() throws IOException {
    NativeCalls.requireNoneByOperations(folder);
  }
}
