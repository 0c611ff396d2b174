package io.lode.bench.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Rows of text in columns of figures, which are set to the right; the first column is text. */
public final class TextTable {
  private static final String GAP = "  ";

  private static final String TEXT = "<";

  private final List<List<String>> rows = new ArrayList<>();
  private final List<Boolean> isText;

  /**
   * Begins a table.
   *
   * @param titles the names of its columns; a {@code <} before one says that it holds text
   */
  public TextTable(String... titles) {
    isText =
        IntStream.range(0, titles.length)
            .mapToObj(column -> column == 0 || titles[column].startsWith(TEXT))
            .toList();
    rows.add(Arrays.stream(titles).map(title -> title.replaceFirst(TEXT, "")).toList());
  }

  /**
   * Adds a row.
   *
   * @param cells one for each column
   */
  public void add(String... cells) {
    if (cells.length != rows.getFirst().size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + rows.getFirst());
    }
    rows.add(List.of(cells));
  }

  /**
   * Returns the lines.
   *
   * @return the table, ended by a newline
   */
  public String text() {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int column = 0; column < columns; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    var text = new StringBuilder();
    for (List<String> row : rows) {
      var line = new StringBuilder();
      for (int column = 0; column < columns; column++) {
        String cell = row.get(column);
        String blank = " ".repeat(widths[column] - cell.length());
        line.append(column == 0 ? "" : GAP)
            .append(isText.get(column) ? cell + blank : blank + cell);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
