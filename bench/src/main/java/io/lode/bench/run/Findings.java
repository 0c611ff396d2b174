package io.lode.bench.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The outcome of checks, in the lines that {@code ./check} counts. */
public final class Findings {
  private final String prefix;
  private final List<String> lines = new ArrayList<>();
  private boolean fine = true;

  /** No findings yet; the prefix is put before each name. */
  public Findings(String prefix) {
    this.prefix = prefix;
  }

  /** Notes whether a fact holds. */
  public void add(String name, boolean holds) {
    add(name, holds, "");
  }

  /** Notes whether a fact holds, and what was found in its place if not. */
  public void add(String name, boolean holds, @Nullable Object found) {
    fine &= holds;
    lines.add(
        "%s\t%s%s\t%s\t".formatted(holds ? "passed" : "failed", prefix, name, holds ? "" : found));
  }

  /** Reads a report; one that cannot be read is a finding. */
  public <T> Optional<T> read(String json, Class<T> type) {
    try {
      return Optional.of(Json.read(json, type));
    } catch (IllegalArgumentException notAReport) {
      add("the JSON is a report", false, notAReport.getMessage());
      return Optional.empty();
    }
  }

  /** Checks that a page is one file with everything in it, and has each of some markup. */
  public void checkPage(String page, List<String> wanted) {
    add("the page is whole", page.startsWith("<!DOCTYPE html>") && page.endsWith("</html>\n"));
    add("the page needs no script", !page.contains("<script"));
    add(
        "the page needs nothing from elsewhere",
        !page.matches("(?s).*((src|href)\\s*=\\s*\"(?!#)|<link|https?://|url\\().*"));
    add("the page is for light and dark", page.contains("prefers-color-scheme"));
    add("the page can be printed", page.contains("@media print"));
    wanted.forEach(markup -> add("the page has " + markup, page.contains(markup)));
  }

  /** Tells whether there was a check, and all hold. */
  public boolean isFine() {
    return fine && !lines.isEmpty();
  }

  /** Returns a line for each check: outcome, name, message and report, with tabs between. */
  public List<String> lines() {
    return List.copyOf(lines);
  }
}
