package io.lode.bench.report;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What a benchmark reports, as parts in their order. */
public final class Document {
  private final String title;
  private final List<String> banners = new ArrayList<>();
  private final List<Placed> parts = new ArrayList<>();

  /** What is drawn from a document. */
  public enum Form {
    /** For a terminal of 80 columns. */
    TEXT,
    /** One HTML file with everything in it. */
    PAGE,
    /** For documents. */
    MARKDOWN
  }

  private record Placed(Part part, Set<Form> forms) {}

  /** An empty document. */
  public Document(String title) {
    this.title = title;
  }

  /** Adds a warning that stands before everything. */
  public void addBanner(String sentence) {
    banners.add(sentence);
  }

  /** Adds a part. */
  public void add(Part part) {
    parts.add(new Placed(part, EnumSet.allOf(Form.class)));
  }

  /** Adds a part to some forms only. */
  public void add(Part part, Form first, Form... others) {
    parts.add(new Placed(part, EnumSet.of(first, others)));
  }

  /** Adds a chapter's heading. */
  public void addHeading(String text) {
    add(new Part.Heading(2, text));
  }

  /** Draws the document. */
  public String as(Form form) {
    return switch (form) {
      case TEXT -> new TextForm(title, banners).draw(parts(form));
      case PAGE, MARKDOWN -> Templates.draw(form, title, banners, parts(form));
    };
  }

  private List<Part> parts(Form form) {
    return parts.stream()
        .filter(placed -> placed.forms().contains(form))
        .map(Placed::part)
        .toList();
  }
}
