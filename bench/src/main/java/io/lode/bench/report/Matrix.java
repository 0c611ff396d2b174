package io.lode.bench.report;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A matrix of figures: the stronger the colour of a cell, the more it costs. One hue, so that it
 * can be read without telling colours apart.
 *
 * @param title for readers that cannot see it
 * @param columns their titles
 * @param rows the rows
 */
public record Matrix(String title, List<String> columns, List<Row> rows) implements Part.Chart {
  /** The page's style names so many colours. */
  private static final int STEPS = 7;

  /** Less than so many times the cheapest is not worth the strongest colour. */
  private static final double LEAST_RANGE = 4;

  private static final int LEAST_LABEL_WIDTH = 60;
  private static final int CHARACTER_WIDTH = 8;
  private static final int CELL_WIDTH = 134;
  private static final int CELL_HEIGHT = 52;
  private static final int HEAD_HEIGHT = 24;
  private static final int GAP = 2;

  /**
   * A row.
   *
   * @param name what it is of
   * @param note what stands below the name, may be empty
   * @param cells one for each column
   */
  public record Row(String name, String note, List<Cell> cells) {}

  /**
   * A cell.
   *
   * @param cost how much it costs beside others of the matrix, NaN if it was not measured
   * @param figure in words
   * @param note what stands below the figure
   * @param title all that is known, for who points at it
   */
  public record Cell(double cost, String figure, String note, String title) {}

  private record View(
      String title, int width, int height, List<Text> heads, List<Text> names, List<Box> boxes) {}

  private record Text(int x, int y, String text) {}

  private record Box(
      String style,
      int x,
      int y,
      int width,
      int height,
      int middle,
      int figureY,
      int noteY,
      Cell cell) {}

  @Override
  public Object view() {
    int label =
        rows.stream()
            .mapToInt(
                row -> CHARACTER_WIDTH * (Math.max(row.name().length(), row.note().length()) + 1))
            .reduce(LEAST_LABEL_WIDTH, Math::max);
    double[] costs =
        rows.stream()
            .flatMap(row -> row.cells().stream())
            .mapToDouble(Cell::cost)
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    double best = costs.length == 0 ? 1 : costs[0];
    double range = Math.max(LEAST_RANGE, costs.length == 0 ? 1 : costs[costs.length - 1] / best);
    return new View(
        title,
        label + columns.size() * CELL_WIDTH,
        HEAD_HEIGHT + rows.size() * CELL_HEIGHT,
        IntStream.range(0, columns.size())
            .mapToObj(column ->
                new Text(x(label, column) + CELL_WIDTH / 2, HEAD_HEIGHT - 8, columns.get(column)))
            .toList(),
        IntStream.range(0, rows.size())
            .boxed()
            .flatMap(row ->
                List.of(
                    new Text(0, y(row) + 22, rows.get(row).name()),
                    new Text(0, y(row) + 39, rows.get(row).note()))
                    .stream())
            .toList(),
        IntStream.range(0, rows.size() * columns.size())
            .mapToObj(at -> box(label, at / columns.size(), at % columns.size(), best, range))
            .toList());
  }

  private Box box(int label, int row, int column, double best, double range) {
    Cell cell = rows.get(row).cells().get(column);
    double part = Math.log(cell.cost() / best) / Math.log(range);
    String style =
        Double.isNaN(part) ? "none" : "q" + Math.round(Math.clamp(part, 0, 1) * (STEPS - 1));
    int x = x(label, column);
    int y = y(row);
    return new Box(
        style,
        x,
        y,
        CELL_WIDTH - GAP,
        CELL_HEIGHT - GAP,
        x + (CELL_WIDTH - GAP) / 2,
        y + 20,
        y + 39,
        cell);
  }

  private static int x(int label, int column) {
    return label + column * CELL_WIDTH;
  }

  private static int y(int row) {
    return HEAD_HEIGHT + row * CELL_HEIGHT;
  }
}
