package io.lode.numa.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Reads and writes id sets as text: the kernel's lists and hexadecimal maps, and numactl's
 * additions to lists.
 *
 * <p>Grammar of a list: {@code all}, or an optional {@code !} (all but these) or {@code +} (counted
 * within the allowed ids), then numbers and ranges {@code a-b} with an optional {@code
 * :used/group}, separated by commas. Numbers are decimal or, with {@code 0x}, hexadecimal.
 */
public final class IdList {
  private static final int MAX_TEXT_LENGTH = 1 << 20;

  private IdList() {}

  /** Writes {@code ids} as a list of ranges. */
  public static String format(IdSet ids) {
    StringBuilder text = new StringBuilder();
    int[] members = ids.stream().toArray();
    for (int i = 0; i < members.length; i++) {
      int start = i;
      while (i + 1 < members.length && members[i + 1] == members[i] + 1) {
        i++;
      }
      text.append(text.isEmpty() ? "" : ",").append(members[start]);
      if (i > start) {
        text.append('-').append(members[i]);
      }
    }
    return text.toString();
  }

  /** Writes {@code ids} as the kernel's map: 32-bit hexadecimal groups, highest first. */
  public static String formatHex(IdSet ids) {
    long[] words = ids.toWords(1);
    List<String> groups = new ArrayList<>();
    for (int i = words.length * 2 - 1; i >= 0; i--) {
      int group = (int) (words[i / 2] >>> (i % 2 * 32));
      if (group != 0 || !groups.isEmpty() || i == 0) {
        groups.add(String.format(Locale.ROOT, "%08x", group));
      }
    }
    return String.join(",", groups);
  }

  /**
   * Reads a list.
   *
   * @param text the list; empty means no ids
   * @param allowed what {@code all}, {@code !} and {@code +} refer to
   * @throws IllegalArgumentException when the text does not follow the grammar
   */
  public static IdSet parse(String text, IdSet allowed) {
    String list = text.strip();
    if (list.length() > MAX_TEXT_LENGTH) {
      throw new IllegalArgumentException("list of " + list.length() + " characters is too long");
    }
    if (list.isEmpty()) {
      return IdSet.EMPTY;
    }
    if (list.equals("all")) {
      return allowed;
    }
    return switch (list.charAt(0)) {
      case '!' -> allowed.minus(parsePlain(list, 1));
      case '+' -> relative(parsePlain(list, 1), allowed);
      default -> parsePlain(list, 0);
    };
  }

  /**
   * Reads a hexadecimal map as found in {@code cpumap} files.
   *
   * @throws IllegalArgumentException when the text is not comma-separated groups of 1 to 8 digits
   */
  public static IdSet parseHex(String text) {
    String map = text.strip();
    String[] groups = map.split(",", -1);
    if (groups.length > IdSet.MAX_ID / 32 + 1) {
      throw new IllegalArgumentException("map of " + groups.length + " groups is too long");
    }
    long[] words = new long[(groups.length + 1) / 2];
    for (int i = 0; i < groups.length; i++) {
      String digits = groups[groups.length - 1 - i];
      if (digits.isEmpty() || digits.length() > 8 || !isHex(digits)) {
        throw malformed(map, "expected groups of 1 to 8 hexadecimal digits");
      }
      words[i / 2] |= Long.parseLong(digits, 16) << (i % 2 * 32);
    }
    return IdSet.ofWords(words);
  }

  private static boolean isHex(String digits) {
    return digits.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128);
  }

  private static IdSet parsePlain(String list, int from) {
    long[] words = new long[1];
    for (String part : list.substring(from).split(",", -1)) {
      words = addPart(words, part, list);
    }
    return IdSet.ofWords(words);
  }

  private static long[] addPart(long[] words, String part, String list) {
    int colon = part.indexOf(':');
    String span = colon < 0 ? part : part.substring(0, colon);
    int dash = span.indexOf('-');
    int first = number(dash < 0 ? span : span.substring(0, dash), list);
    int last = dash < 0 ? first : number(span.substring(dash + 1), list);
    if (first > last) {
      throw malformed(list, "range " + span + " runs backwards");
    }
    int used = 1;
    int group = 1;
    if (colon >= 0) {
      int slash = part.indexOf('/', colon);
      if (dash < 0 || slash < 0) {
        throw malformed(list, "a pattern reads first-last:used/group");
      }
      used = number(part.substring(colon + 1, slash), list);
      group = number(part.substring(slash + 1), list);
      if (group == 0 || used > group) {
        throw malformed(list, "used/group needs 0 <= used <= group and group > 0");
      }
    }
    long[] grown = last / 64 < words.length ? words : Arrays.copyOf(words, last / 64 + 1);
    for (int id = first; id <= last; id++) {
      if ((id - first) % group < used) {
        grown[id / 64] |= 1L << id;
      }
    }
    return grown;
  }

  private static int number(String digits, String list) {
    boolean hex = digits.startsWith("0x") || digits.startsWith("0X");
    String body = hex ? digits.substring(2) : digits;
    boolean wellFormed =
        !body.isEmpty() && (hex ? isHex(body) : body.chars().allMatch(c -> c >= '0' && c <= '9'));
    if (!wellFormed) {
      throw malformed(list, "\"" + shortened(digits) + "\" is not a number");
    }
    String significant = body.replaceFirst("^0+(?=.)", "");
    if (significant.length() > 7) {
      throw malformed(list, shortened(digits) + " is above " + IdSet.MAX_ID);
    }
    int value = Integer.parseInt(significant, hex ? 16 : 10);
    if (value > IdSet.MAX_ID) {
      throw malformed(list, shortened(digits) + " is above " + IdSet.MAX_ID);
    }
    return value;
  }

  private static IdSet relative(IdSet indexes, IdSet allowed) {
    int[] members = allowed.stream().toArray();
    int highest = indexes.last().orElse(-1);
    if (highest >= members.length) {
      throw new IllegalArgumentException(
          "relative index "
              + highest
              + " is outside the "
              + members.length
              + " allowed ids: "
              + allowed);
    }
    return IdSet.of(indexes.stream().map(i -> members[i]).toArray());
  }

  private static IllegalArgumentException malformed(String list, String why) {
    return new IllegalArgumentException(
        "malformed list \""
            + shortened(list)
            + "\": "
            + why
            + "; write for example 0-3,8, !2 or all");
  }

  private static String shortened(String text) {
    return text.length() > 80 ? text.substring(0, 80) + "..." : text;
  }
}
