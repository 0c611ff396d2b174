package io.lode.cli.kv;

import io.lode.cli.console.Console;
import io.lode.kv.KvStats;
import java.util.List;

/**
 * A character for each segment of a pool: how much of it is live, or what else it is. Of a pool
 * with more segments than fit a screen, a character for several neighbours.
 */
final class SegmentMap {
  private static final int COLUMNS = 64;
  private static final int MOST_ROWS = 16;

  /** From nothing live to nearly all: a digit for each tenth. */
  private static final String SHARES = "0123456789";

  private final List<KvStats.Segment> segments;

  SegmentMap(List<KvStats.Segment> segments) {
    this.segments = segments;
  }

  /** Prints the map and says what its characters mean. */
  void print(Console console) {
    int perCharacter = Math.ceilDiv(segments.size(), COLUMNS * MOST_ROWS);
    console.line("");
    console.line(
        "Segments%s: . free, 0 to 9 tenths of a full one that are live, w open,"
            .formatted(perCharacter == 1 ? "" : ", " + perCharacter + " to a character"));
    console.line("h held back by a lease or a snapshot, ! damaged");
    var row = new StringBuilder();
    for (int first = 0; first < segments.size(); first += perCharacter) {
      int end = Math.min(segments.size(), first + perCharacter);
      row.append(character(segments.subList(first, end)));
      if (row.length() == COLUMNS) {
        console.line("  " + row);
        row.setLength(0);
      }
    }
    if (!row.isEmpty()) {
      console.line("  " + row);
    }
  }

  /**
   * What stands out counts for its neighbours: damage most, then what is held, then what is open.
   */
  private static char character(List<KvStats.Segment> neighbours) {
    KvStats.Segment.State worst =
        neighbours.stream().map(KvStats.Segment::state).max(Enum::compareTo).orElseThrow();
    return switch (worst) {
      case FREE -> '.';
      case OPEN, FULL ->
          neighbours.size() == 1 && worst == KvStats.Segment.State.OPEN ? 'w' : share(neighbours);
      case HELD -> 'h';
      case DAMAGED -> '!';
    };
  }

  private static char share(List<KvStats.Segment> neighbours) {
    long live = neighbours.stream().mapToLong(KvStats.Segment::liveBytes).sum();
    long capacity = neighbours.stream().mapToLong(KvStats.Segment::capacityBytes).sum();
    return SHARES.charAt((int) Math.min(9, 10 * live / Math.max(1, capacity)));
  }
}
