package io.lode.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Steps on one reservation and the maps of a file in it. A step is a verb and numbers, with colons:
 *
 * <ul>
 *   <li>{@code new:BYTES}, {@code extend:BYTES}, {@code shrink:AT:BYTES}, {@code end}
 *   <li>{@code other:FROM_ITS_START:BYTES}: another reservation at a fixed address, ended at once
 *   <li>{@code map:AT:OFFSET:BYTES}, {@code fine:AT:OFFSET:BYTES} (which the file cannot be),
 *       {@code unmap:N}; maps are numbered as they are made
 *   <li>{@code find:AT:BYTES}, {@code first}, {@code last}, {@code next:N}, {@code previous:N}
 * </ul>
 *
 * <p>Each outcome is one word. An address is told as its distance from where the reservation began.
 */
record ReservationScript(Side side) {
  /** What stands for no map where a side has no code for it. */
  static final long NONE = Long.MIN_VALUE;

  /** One of the two: results are codes of libpmem2, and numbers of maps where a map is found. */
  interface Side extends AutoCloseable {
    long start(long bytes);

    long other(long address, long bytes);

    long address();

    long size();

    long map(String granularity, long at, long offset, long length);

    long mapAddress(int index);

    long unmap(int index);

    long extend(long bytes);

    long shrink(long at, long bytes);

    long find(long at, long bytes);

    long first();

    long last();

    long next(int index);

    long previous(int index);

    long end();

    @Override
    void close();
  }

  String outcomes(List<String> steps) {
    List<String> outcomes = new ArrayList<>();
    List<Boolean> live = new ArrayList<>();
    long base = 0;
    for (String step : steps) {
      String[] words = step.split(":", -1);
      try {
        if (words[0].equals("new")) {
          outcomes.add(Long.toString(side.start(number(words, 1))));
          base = side.address();
        } else {
          outcomes.add(outcome(words, live, base));
        }
      } catch (IllegalArgumentException e) {
        outcomes.add("IllegalArgumentException");
      }
    }
    return String.join(" ", outcomes);
  }

  private String outcome(String[] words, List<Boolean> live, long base) {
    return switch (words[0]) {
      case "map", "fine" -> map(words, live, base);
      case "unmap" ->
          ofMap(
              words,
              live,
              index -> {
                live.set((int) index, false);
                return word(side.unmap((int) index));
              });
      case "next" -> ofMap(words, live, index -> word(side.next((int) index)));
      case "previous" -> ofMap(words, live, index -> word(side.previous((int) index)));
      case "first" -> word(side.first());
      case "last" -> word(side.last());
      case "find" -> word(side.find(number(words, 1), number(words, 2)));
      case "other" -> word(side.other(base + number(words, 1), number(words, 2)));
      case "extend" -> resized(side.extend(number(words, 1)), base);
      case "shrink" -> resized(side.shrink(number(words, 1), number(words, 2)), base);
      case "end" -> word(side.end());
      default -> throw new IllegalStateException("no such step: " + words[0]);
    };
  }

  private String map(String[] words, List<Boolean> live, long base) {
    long index =
        side.map(
            words[0].equals("map") ? "PAGE" : "BYTE",
            number(words, 1),
            number(words, 2),
            number(words, 3));
    if (index < 0) {
      return word(index);
    }
    live.add(true);
    return word(index) + "@" + (side.mapAddress((int) index) - base);
  }

  private static String ofMap(String[] words, List<Boolean> live, LongFunction<String> use) {
    int index = (int) number(words, 1);
    return index < live.size() && live.get(index) ? use.apply(index) : "gone";
  }

  private String resized(long result, long base) {
    return word(result) + "/" + (side.address() - base) + "+" + side.size();
  }

  private static String word(long result) {
    return result == NONE ? "none" : Long.toString(result);
  }

  private static long number(String[] words, int index) {
    return Long.parseLong(words[index]);
  }
}
