package io.lode.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Draws a document for a terminal of 80 columns. */
final class TextForm {
  private static final int WIDTH = 80;
  private static final String GAP = "  ";

  private final StringBuilder text = new StringBuilder();

  TextForm(String title, List<String> banners) {
    wrap(title, "");
    banners.forEach(banner -> wrap(banner, ""));
    text.append('\n');
  }

  String draw(List<Part> parts) {
    parts.forEach(this::draw);
    return text.toString();
  }

  private void draw(Part part) {
    switch (part) {
      case Part.Heading heading ->
          wrap(heading.level() == 2 ? "\n== " + heading.text() + " ==" : "\n" + heading.text(), "");
      case Part.Paragraph paragraph -> {
        text.append('\n');
        wrap(paragraph.text(), "");
      }
      case Part.Bullets list -> list.items().forEach(item -> wrap(bullet(item), GAP));
      case Part.Facts facts -> facts.facts().forEach(this::fact);
      case Table table -> draw(table);
      case Part.Tabular _, Part.Chart _, Part.Charts _, Part.BarsKey _, Part.CurvesKey _ -> {}
    }
  }

  private static String bullet(Part.Bullets.Item item) {
    String why = item.evidence() + (item.grade().isEmpty() ? "" : ", " + item.grade());
    return "- " + item.text() + (why.isEmpty() ? "" : " (" + why + ")");
  }

  private void fact(Part.Facts.Fact fact) {
    wrap(fact.padded() + fact.value(), " ".repeat(Part.Facts.NAME_WIDTH));
  }

  /** Figures that are too many for one line continue in another table of the same rows. */
  private void draw(Table table) {
    List<Integer> columns = table.inline(false).boxed().toList();
    boolean isTextBelow = width(table, columns) > WIDTH;
    columns = table.inline(isTextBelow).boxed().toList();
    boolean isFirst = true;
    for (int from = 1; from < columns.size() || isFirst; ) {
      List<Integer> chosen = new ArrayList<>(columns.subList(0, 1));
      while (from < columns.size()
          && (chosen.size() == 1 || fits(table, chosen, columns.get(from)))) {
        chosen.add(columns.get(from++));
      }
      draw(table, chosen, isFirst, isTextBelow);
      isFirst = false;
    }
  }

  private static boolean fits(Table table, List<Integer> chosen, int more) {
    List<Integer> all = new ArrayList<>(chosen);
    all.add(more);
    return width(table, all) <= WIDTH;
  }

  private static int width(Table table, List<Integer> columns) {
    return columns.stream().mapToInt(column -> width(table, column) + GAP.length()).sum()
        - GAP.length();
  }

  private static int width(Table table, int column) {
    return table.rows().stream()
        .filter(row -> column == 0 || !table.isWithout(row))
        .mapToInt(row -> row.cells().get(column).length())
        .reduce(table.columns().get(column).title().length(), Math::max);
  }

  private void draw(Table table, List<Integer> columns, boolean isFirst, boolean isTextBelow) {
    line(table, columns, table.columns().stream().map(Table.Column::title).toList());
    for (Table.Row row : table.rows()) {
      if (!table.isWithout(row)) {
        line(table, columns, row.cells());
        if (isFirst && isTextBelow && !table.below(row).isEmpty()) {
          wrap(GAP + table.below(row), GAP);
        }
      } else if (isFirst) {
        wrap(pad(row.cells().getFirst(), width(table, 0), true) + GAP + row.cells().get(1), GAP);
      }
    }
    text.append(isFirst && columns.size() < table.inline(isTextBelow).count() ? "\n" : "");
  }

  private void line(Table table, List<Integer> columns, List<String> cells) {
    String line =
        columns.stream()
            .map(column ->
                pad(
                    cells.get(column),
                    width(table, column),
                    column == 0 || table.columns().get(column).isText()))
            .collect(Collectors.joining(GAP));
    text.append(line.stripTrailing()).append('\n');
  }

  private static String pad(String cell, int width, boolean isText) {
    String blank = " ".repeat(Math.max(0, width - cell.length()));
    return isText ? cell + blank : blank + cell;
  }

  private void wrap(String words, String indent) {
    String rest = words;
    while (rest.length() > WIDTH) {
      int blank = rest.lastIndexOf(' ', WIDTH);
      if (blank <= indent.length()) {
        blank = rest.indexOf(' ', WIDTH);
        if (blank < 0) {
          break;
        }
      }
      text.append(rest.substring(0, blank).stripTrailing()).append('\n');
      rest = indent + rest.substring(blank + 1);
    }
    text.append(rest.stripTrailing()).append('\n');
  }
}
