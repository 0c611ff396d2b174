package io.lode.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.bench.report.Document.Form;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DocumentTest {
  private static final String LONG = "a sentence of many words ".repeat(8).strip();

  private static Document small() {
    var document = new Document("A & B");
    document.addBanner("Emulated");
    document.add(new Part.Facts().add("date", "today").add("medium", LONG));
    document.addHeading("Stores");
    document.add(new Part.Heading(3, "random get"));
    var table = new Table("store", "ns", "~p99", "<durable on return");
    table.add(true, "Lode", "300", "400", "one fence");
    table.add("another", "5", "6", "a | b");
    table.addWithout("log", "nothing is found by its key");
    document.add(table);
    document.add(Part.Bullets.of(List.of("one loss")));
    document.add(new Part.Paragraph("only on the page"), Form.PAGE);
    return document;
  }

  @Test
  void textIsAlignedAndWrapped() {
    assertThat(small().as(Form.TEXT))
        .contains("A & B\nEmulated\n\ndate      today\nmedium    a sentence")
        .contains("== Stores ==\n\nrandom get\n")
        .contains(
            """
            store     ns  p99  durable on return
            Lode     300  400  one fence
            another    5    6  a | b
            log      nothing is found by its key
            - one loss
            """)
        .doesNotContain("only on the page");
    assertThat(small().as(Form.TEXT).lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void pageHasTheSameTextWithoutMarkupInIt() {
    assertThat(small().as(Form.PAGE))
        .contains(
            "<h1>A &amp; B</h1>", "<p class=\"banner\">Emulated</p>", "<dt>date</dt><dd>today")
        .contains("<h2>Stores</h2>", "<h3>random get</h3>", "<li>one loss</li>", "only on the page")
        .contains("<tr class=\"lode\"><td>Lode</td><td>300</td><td>400</td>")
        .contains("<td class=\"text\">a | b</td>")
        .contains("<td class=\"text why\" colspan=\"3\">nothing is found by its key</td>")
        .doesNotContain("{{");
  }

  @Test
  void markdownLeavesDetailsOut() {
    assertThat(small().as(Form.MARKDOWN))
        .startsWith("## A & B\n\n> Emulated\n\n```\ndate      today\n")
        .contains("### Stores\n\n**random get**\n\n")
        .contains(
            """
            | store | ns | durable on return |
            |---|---|---|
            | Lode | 300 | one fence |
            | another | 5 | a \\| b |
            | log | nothing is found by its key |  |
            """)
        .contains("- one loss\n")
        .doesNotContain("p99", "only on the page");
  }

  @Test
  void tableTooWideForATerminalContinuesInAnotherAndHasTextBelowItsRows() {
    var table =
        new Table(
            IntStream.range(0, 20)
                .mapToObj(at -> at == 19 ? "<note" : "column " + at)
                .toArray(String[]::new));
    table.add(IntStream.range(0, 20).mapToObj(at -> "cell " + at).toArray(String[]::new));
    var document = new Document("wide");
    document.add(table);
    String text = document.as(Form.TEXT);
    assertThat(text.lines()).allMatch(line -> line.length() <= 80);
    assertThat(text).containsOnlyOnce("  note: cell 19");
    IntStream.range(1, 19).forEach(at -> assertThat(text).containsPattern("cell " + at + "\\b"));
    assertThat(document.as(Form.PAGE)).contains("colspan=\"18\">note: cell 19</td>");
  }

  @Test
  void everyRowHasEveryCell() {
    assertThatThrownBy(() -> new Table("a", "b").add("1"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void chartsAreOnThePage() {
    var bars =
        new Bars(
            List.of(
                new Bars.Bar(
                    "Lode", true, List.of(290.0, 300.0, 310.0, 120.0, 150.0), "300 ns", ""),
                new Bars.Bar("log", false, List.of(), "", "cannot")),
            value -> value + " ns");
    var matrix =
        new Matrix(
            "latency",
            List.of("from node 0"),
            List.of(
                new Matrix.Row(
                    "dram:0", "2 MiB pages", List.of(new Matrix.Cell(100, "100 ns", "", "t"))),
                new Matrix.Row("shm", "", List.of(new Matrix.Cell(400, "400 ns", "x4", "t"))),
                new Matrix.Row("no", "", List.of(new Matrix.Cell(Double.NaN, "", "not", "t")))));
    var curves =
        new Curves(
            "by size",
            List.of(
                new Curves.Line(
                    Curves.style(1, 0),
                    "one",
                    List.of(new double[] {64, 10}, new double[] {256, 20}))),
            false,
            Double::toString,
            Double::toString);
    var document = new Document("charts");
    document.add(bars, Form.PAGE);
    document.add(new Part.Charts(List.of(matrix, curves)), Form.PAGE);
    assertThat(document.as(Form.PAGE))
        .contains("aria-label=\"Lode: 300 ns\"", "<span class=\"why\">cannot</span>")
        .contains(
            ">2 MiB pages</text>", "<g class=\"q0\">", "<g class=\"q6\">", "<g class=\"none\">")
        .contains("<figcaption>by size</figcaption>", "<g class=\"c1 r0\">", "d=\"M40.0 ")
        .doesNotContain("{{");
  }
}
