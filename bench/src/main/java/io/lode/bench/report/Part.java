package io.lode.bench.report;

import java.util.ArrayList;
import java.util.List;

/** A part of a {@link Document}. Charts are drawn on the page only. */
public sealed interface Part {
  /** A heading: of a chapter at level 2, below it at level 3. */
  record Heading(int level, String text) implements Part {}

  /** A paragraph. */
  record Paragraph(String text) implements Part {}

  /**
   * A list.
   *
   * @param items each a sentence, what grades it (may be empty), and its evidence (may be empty)
   */
  record Bullets(List<Item> items) implements Part {
    /** One line of the list. */
    public record Item(String text, String grade, String evidence) {}

    /** A list of bare sentences. */
    public static Bullets of(List<String> sentences) {
      return new Bullets(sentences.stream().map(text -> new Item(text, "", "")).toList());
    }
  }

  /** Names and values. */
  final class Facts implements Part {
    static final int NAME_WIDTH = 10;

    private final List<Fact> facts = new ArrayList<>();

    /** One line; without a name it continues the line before. */
    public record Fact(String name, String value) {
      /** Returns the name in a column of its own. */
      public String padded() {
        return name.length() < NAME_WIDTH ? "%-10s".formatted(name) : name + "  ";
      }
    }

    /** Adds a line. */
    public Facts add(String name, String value) {
      facts.add(new Fact(name, value));
      return this;
    }

    /** Returns the lines. */
    public List<Fact> facts() {
      return facts;
    }
  }

  /** Figures and text in columns. */
  non-sealed interface Tabular extends Part {}

  /** A chart that the template named like its class draws from the view. */
  non-sealed interface Chart extends Part {
    /** Returns what the template shows: coordinates and labels. */
    Object view();
  }

  /** Charts beside each other. */
  record Charts(List<Chart> charts) implements Part {}

  /** What the lines of {@link Bars} stand for. */
  record BarsKey() implements Part {}

  /** What colours, dots and dashes of {@link Curves} stand for. */
  record CurvesKey(List<Swatch> swatches) implements Part {
    /** A line's look, by {@link Curves#style}, and its name. */
    public record Swatch(String style, String name) {}
  }
}
