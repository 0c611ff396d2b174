package io.lode.cli.kv;

import io.lode.cli.console.ByteSize;
import io.lode.cli.console.Escape;
import io.lode.kv.KvStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * One HTML page about the segments of a pool, with nothing from elsewhere: how much of each is
 * live, how old it is, what it is used for. Colours are never all that tells two things apart.
 */
final class SegmentPage {
  private static final int MOST_CELLS = 4096;

  /** Shades, the last one for what is nearly all live or the oldest. */
  private static final int SHADES = 7;

  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>TITLE</title>
      <style>
      :root { color-scheme: light dark; --back: #fdfdfc; --text: #1b1c1e; --soft: #5d6068; --line: #d9dad6;
        --bad: #b3261e; --none: #ececea; --on-low: #14202e; --on-high: #ffffff; --q0: #f2f5fa; --q1: #d9e4f2;
        --q2: #b7cfe8; --q3: #86b0d9; --q4: #4d88c0; --q5: #22619c; --q6: #0b3f74; }
      @media (prefers-color-scheme: dark) { :root { --back: #15171a; --text: #e9e8e4; --soft: #a4a8b0;
        --line: #33373d; --bad: #ff8f85; --none: #24272b; --on-low: #f2f6fb; --on-high: #0c1622; --q0: #1d2530;
        --q1: #24384f; --q2: #2b4d70; --q3: #356794; --q4: #4d88c0; --q5: #86b5e0; --q6: #cfe3f7; } }
      * { box-sizing: border-box; }
      body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 82rem; background: var(--back);
        color: var(--text); font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif; }
      h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .75rem; overflow-wrap: anywhere; }
      h2 { font-size: 1.2rem; margin: 2.75rem 0 .25rem; padding-top: .75rem; border-top: 1px solid var(--line); }
      p { margin: .5rem 0; max-width: 46rem; color: var(--soft); font-size: .85rem; }
      dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; font-size: .9rem; }
      dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
      table { border-collapse: collapse; font-size: .8rem; font-variant-numeric: tabular-nums; margin: .6rem 0; }
      th, td { padding: .2rem .6rem; text-align: right; border-bottom: 1px solid var(--line); }
      th { color: var(--soft); font-weight: 500; } th:first-child, td:first-child { text-align: left; }
      .map { display: flex; flex-wrap: wrap; gap: 2px; margin: .6rem 0; }
      .map span { width: 1.15rem; height: 1.15rem; font-size: .7rem; line-height: 1.15rem; text-align: center; }
      .map span { background: var(--none); color: var(--on-low); print-color-adjust: exact; }
      .map .q0 { background: var(--q0); } .map .q1 { background: var(--q1); } .map .q2 { background: var(--q2); }
      .map .q3 { background: var(--q3); } .map .q4 { background: var(--q4); color: #fff; }
      .map .q5 { background: var(--q5); color: var(--on-high); }
      .map .q6 { background: var(--q6); color: var(--on-high); }
      .map .free { outline: 1px dashed var(--line); outline-offset: -1px; }
      .map .damaged { outline: 2px solid var(--bad); outline-offset: -2px; font-weight: 700; }
      </style>
      </head>
      <body>
      <main>
      <h1>TITLE</h1>
      """;

  private final PoolReport report;
  private final List<KvStats.Segment> segments;
  private final int perCell;
  private final long oldest;
  private final StringBuilder page = new StringBuilder();

  private SegmentPage(PoolReport report, List<KvStats.Segment> segments) {
    this.report = report;
    this.segments = segments;
    this.perCell = Math.max(1, Math.ceilDiv(segments.size(), MOST_CELLS));
    this.oldest = segments.stream().mapToLong(KvStats.Segment::age).max().orElse(0);
  }

  /** Draws the page. */
  static String of(PoolReport report, List<KvStats.Segment> segments) {
    return new SegmentPage(report, segments).draw();
  }

  private String draw() {
    String title = escaped("Segments of " + Escape.text(report.pool()));
    page.append(HEAD.replace("TITLE", title));
    page.append("<dl>\n");
    report
        .facts()
        .forEach((name, value) ->
            page.append("<dt>%s</dt><dd>%s</dd>\n".formatted(escaped(name), escaped(value))));
    page.append("</dl>\n<h2>States</h2>\n");
    states();
    page.append("<h2>Live share</h2>\n");
    legend("the darker the more of it is live");
    map(SegmentPage::liveShade);
    page.append("<h2>Age</h2>\n");
    legend("the darker the more changes were made since it was taken into use");
    map(this::ageShade);
    return page.append("</main>\n</body>\n</html>\n").toString();
  }

  private void states() {
    page.append("<table>\n<tr><th>state</th><th>segments</th><th>live</th><th>used</th>");
    page.append("<th>capacity</th></tr>\n");
    for (KvStats.Segment.State state : KvStats.Segment.State.values()) {
      List<KvStats.Segment> of = segments.stream().filter(one -> one.state() == state).toList();
      page.append(
          "<tr><td>%s</td><td>%d</td><td>%s</td><td>%s</td><td>%s</td></tr>\n"
              .formatted(
                  name(state),
                  of.size(),
                  size(of, KvStats.Segment::liveBytes),
                  size(of, KvStats.Segment::usedBytes),
                  size(of, KvStats.Segment::capacityBytes)));
    }
    page.append("</table>\n");
  }

  private static String size(List<KvStats.Segment> of, Function<KvStats.Segment, Long> part) {
    return escaped(ByteSize.format(of.stream().mapToLong(part::apply).sum()));
  }

  private void legend(String shade) {
    page.append(
        "<p>%s: %s. w open, h held back by a lease or a snapshot, ! damaged, dashed free.</p>\n"
            .formatted(perCell == 1 ? "A field a segment" : perCell + " segments a field", shade));
  }

  private void map(Function<List<KvStats.Segment>, Integer> shade) {
    page.append("<div class=\"map\">\n");
    for (int first = 0; first < segments.size(); first += perCell) {
      var cell = segments.subList(first, Math.min(segments.size(), first + perCell));
      // What stands out counts for its neighbours, as in the map on a terminal.
      KvStats.Segment.State state =
          cell.stream().map(KvStats.Segment::state).max(Enum::compareTo).orElseThrow();
      boolean isFree = state == KvStats.Segment.State.FREE;
      page.append(
          "<span class=\"%s%s\" title=\"%s\">%s</span>\n"
              .formatted(
                  isFree ? "" : "q" + shade.apply(cell) + " ",
                  name(state),
                  escaped(title(cell, state)),
                  mark(state)));
    }
    page.append("</div>\n");
  }

  private static String title(List<KvStats.Segment> cell, KvStats.Segment.State state) {
    var names = new ArrayList<>(List.of(Integer.toString(cell.getFirst().index())));
    if (cell.size() > 1) {
      names.add(Integer.toString(cell.getLast().index()));
    }
    return String.format(
        Locale.ROOT,
        "%s: %s, %.0f %% live, age %d",
        String.join(" to ", names),
        name(state),
        100 * liveShare(cell),
        age(cell));
  }

  private static String mark(KvStats.Segment.State state) {
    return switch (state) {
      case FREE, FULL -> "";
      case OPEN -> "w";
      case HELD -> "h";
      case DAMAGED -> "!";
    };
  }

  private static double liveShare(List<KvStats.Segment> cell) {
    long live = cell.stream().mapToLong(KvStats.Segment::liveBytes).sum();
    long capacity = cell.stream().mapToLong(KvStats.Segment::capacityBytes).sum();
    return (double) live / Math.max(1, capacity);
  }

  private static int liveShade(List<KvStats.Segment> cell) {
    return Math.clamp((int) (SHADES * liveShare(cell)), 0, SHADES - 1);
  }

  private static long age(List<KvStats.Segment> cell) {
    return cell.stream().mapToLong(KvStats.Segment::age).max().orElseThrow();
  }

  private int ageShade(List<KvStats.Segment> cell) {
    return (int) Math.clamp(SHADES * (double) age(cell) / Math.max(1, oldest), 0, SHADES - 1);
  }

  private static String name(KvStats.Segment.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  /** Escapes text for HTML, in attributes, too. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
