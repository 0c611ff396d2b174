package io.lode.probe;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Runs cases of sources, configs and maps on libpmem2 or on Lode, and prints the outcomes in the
 * same words. A case is a line of six words: source, granularity, offset, length, sharing,
 * protection; or a {@link ReservationScript}.
 */
public final class DifferentialProbe {
  private DifferentialProbe() {}

  /** One of the two libraries. */
  interface Side {
    String outcome(Case c);

    ReservationScript.Side reservations(String path);
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

  /** Takes the side as its argument; reads cases from standard input. */
  public static void main(String[] args) throws IOException {
    Side side = args[0].equals("libpmem2") ? new Libpmem2Side() : new LodeSide();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(outcome(side, line));
    }
  }

  private static String outcome(Side side, String line) {
    String[] words = line.split(" ", -1);
    if (!words[0].equals("reservation")) {
      return side.outcome(Case.parse(line));
    }
    List<String> steps = Arrays.asList(words).subList(2, words.length);
    try (ReservationScript.Side reservations = side.reservations(words[1])) {
      return new ReservationScript(reservations).outcomes(steps);
    }
  }
}
