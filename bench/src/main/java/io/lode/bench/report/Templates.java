package io.lode.bench.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.samskivert.mustache.Escapers;
import com.samskivert.mustache.Mustache;
import io.lode.bench.report.Document.Form;
import java.io.InputStreamReader;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Draws pages and Markdown from the templates beside this class. */
final class Templates {
  private Templates() {}

  static String draw(Form form, String title, List<String> banners, List<Part> parts) {
    String suffix = form == Form.PAGE ? ".html" : ".md";
    Mustache.Compiler compiler =
        Mustache.compiler()
            .emptyStringIsFalse(true)
            .defaultValue("")
            .withEscaper(form == Form.PAGE ? Escapers.HTML : cell -> cell.replace("|", "\\|"))
            .withLoader(name -> reader(name.contains(".") ? name : name + suffix));
    return compiler
        .compile(reader("document" + suffix))
        .execute(
            Map.of(
                "title",
                title,
                "banners",
                banners,
                "parts",
                parts.stream().map(part -> view(form, part)).toList()));
  }

  private static InputStreamReader reader(String name) {
    return new InputStreamReader(
        Objects.requireNonNull(Templates.class.getResourceAsStream(name), name), UTF_8);
  }

  /** Returns a map from the part's kind, for which the template has a section. */
  private static Map<String, Object> view(Form form, Part part) {
    String kind = part.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    return Map.of(
        kind,
        switch (part) {
          case Part.Heading heading -> Map.of("h" + heading.level(), heading.text());
          case Part.Charts charts ->
              Map.of("each", charts.charts().stream().map(chart -> view(form, chart)).toList());
          case Part.Chart chart -> chart.view();
          case Table table -> form == Form.PAGE ? page(table) : markdown(table);
          default -> part;
        });
  }

  private static Map<String, Object> page(Table table) {
    List<Integer> columns = table.inline(table.isTextBelowOnPage()).boxed().toList();
    return Map.of(
        "wide", table.isTextBelowOnPage(),
        "fold", table.fold(),
        "open", table.isOpen(),
        "span", columns.size() - 1,
        "heads",
            columns.stream()
                .map(column -> cell(table, column, table.columns().get(column).title()))
                .toList(),
        "rows", table.rows().stream().map(row -> row(table, row, columns)).toList());
  }

  private static Map<String, Object> row(Table table, Table.Row row, List<Integer> columns) {
    boolean isWithout = table.isWithout(row);
    List<Integer> shown = isWithout ? List.of(0) : columns;
    return Map.of(
        "own",
        row.isOwn(),
        "cells",
        shown.stream().map(column -> cell(table, column, row.cells().get(column))).toList(),
        "without",
        isWithout ? row.cells().get(1) : "",
        "below",
        table.isTextBelowOnPage() ? table.below(row) : "");
  }

  private static Map<String, Object> cell(Table table, int column, String shown) {
    return Map.of("text", shown, "left", table.columns().get(column).isText());
  }

  private static Map<String, Object> markdown(Table table) {
    List<Integer> columns =
        IntStream.range(0, table.columns().size())
            .filter(column -> !table.columns().get(column).isDetail())
            .boxed()
            .toList();
    List<String> heads =
        columns.stream().map(column -> table.columns().get(column).title()).toList();
    List<List<String>> rows =
        table.rows().stream()
            .map(row ->
                IntStream.range(0, columns.size())
                    .mapToObj(at ->
                        table.isWithout(row)
                            ? at < 2 ? row.cells().get(at) : ""
                            : row.cells().get(columns.get(at)))
                    .collect(Collectors.toList()))
            .toList();
    return Map.of("heads", heads, "rows", rows);
  }
}
