package io.lode.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A table. The first column names the row; figures are set to the right, text to the left. Where
 * there is no room, columns of text are written in a line below their row.
 */
public final class Table implements Part.Tabular {
  /** Above so many columns the page has text in a line of its own. */
  private static final int MOST_COLUMNS_WITH_TEXT = 9;

  private final List<Column> columns;
  private final List<Row> rows = new ArrayList<>();
  private String fold = "";
  private boolean isOpen;

  /** One column. Details are left out of Markdown. */
  record Column(String title, boolean isText, boolean isDetail) {
    static Column of(String title) {
      return new Column(
          title.replaceFirst("^[<~]", ""), title.startsWith("<"), title.startsWith("~"));
    }
  }

  /** One row; one that has fewer cells than columns says in the second why it has no figures. */
  record Row(List<String> cells, boolean isOwn) {}

  /**
   * An empty table.
   *
   * @param titles of the columns; {@code <} before one marks text, {@code ~} a detail
   */
  public Table(String... titles) {
    columns = Arrays.stream(titles).map(Column::of).toList();
  }

  /** Adds a row of as many cells as columns. */
  public Table add(String... cells) {
    return add(false, cells);
  }

  /** Adds a row, which stands out if it is of Lode itself. */
  public Table add(boolean isOwn, String... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + columns);
    }
    rows.add(new Row(List.of(cells), isOwn));
    return this;
  }

  /** Adds a row without figures. */
  public void addWithout(String name, String reason) {
    rows.add(new Row(List.of(name, reason), false));
  }

  /** Folds the table on the page, behind a line that opens it. */
  public Table folded(String summary, boolean isOpenAtFirst) {
    fold = summary;
    isOpen = isOpenAtFirst;
    return this;
  }

  List<Column> columns() {
    return columns;
  }

  List<Row> rows() {
    return rows;
  }

  String fold() {
    return fold;
  }

  boolean isOpen() {
    return isOpen;
  }

  boolean isWithout(Row row) {
    return row.cells().size() < columns.size();
  }

  /** Returns the indexes of the columns that a form of so much room has in the row itself. */
  IntStream inline(boolean isTextBelow) {
    return IntStream.range(0, columns.size())
        .filter(index -> index == 0 || !isTextBelow || !columns.get(index).isText());
  }

  boolean isTextBelowOnPage() {
    return columns.size() > MOST_COLUMNS_WITH_TEXT;
  }

  /** Returns the columns of text of a row as one line, empty where there is none. */
  String below(Row row) {
    if (isWithout(row)) {
      return "";
    }
    List<String> texts =
        IntStream.range(1, columns.size())
            .filter(index -> columns.get(index).isText() && !row.cells().get(index).isEmpty())
            .mapToObj(index ->
                (columns.get(index).title() + ": ").replaceFirst("^: ", "")
                    + row.cells().get(index))
            .toList();
    return String.join("; ", texts);
  }
}
