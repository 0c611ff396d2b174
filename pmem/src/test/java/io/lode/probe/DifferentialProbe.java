package io.lode.probe;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Runs cases of sources, configs and maps on libpmem2 or on Lode, and prints each outcome in the
 * same words. A case is a line of seven words: source, granularity, offset, length, sharing,
 * protection.
 */
public final class DifferentialProbe {
  private DifferentialProbe() {}

  /** One of the two. */
  interface Side {
    String outcome(Case c);
  }

  /**
   * A case.
   *
   * @param source anon:SIZE, or fd:MODE:PATH with mode rw, ro, wo, path, closed
   */
  record Case(
      String source, String granularity, long offset, long length, String sharing, String access) {
    static Case parse(String line) {
      String[] words = line.split(" ", -1);
      return new Case(
          words[0],
          words[1],
          Long.parseLong(words[2]),
          Long.parseLong(words[3]),
          words[4],
          words[5]);
    }
  }

  /** Takes the side; reads cases from the standard input. */
  public static void main(String[] args) throws IOException {
    Side side = args[0].equals("libpmem2") ? new Libpmem2Side() : new LodeSide();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(side.outcome(Case.parse(line)));
    }
  }
}
