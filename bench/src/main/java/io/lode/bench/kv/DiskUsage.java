package io.lode.bench.kv;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;

/** The space that files really take, holes left out: the JDK cannot tell, {@code du} can. */
final class DiskUsage {
  private DiskUsage() {}

  /** Returns the bytes that a folder's files take, -1 if nobody can tell. */
  static long of(Path folder) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder("du", "-s", "--block-size=1", folder.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String text = new String(process.getInputStream().readAllBytes(), UTF_8);
      process.waitFor();
      return Long.parseLong(text.substring(0, text.indexOf('\t')));
    } catch (IOException | IndexOutOfBoundsException | NumberFormatException unknown) {
      return -1;
    }
  }
}
