package io.lode.cli.console;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Named facts, printed as two columns within 80 characters; longer values are wrapped. */
public final class Facts {
  private static final int WIDTH = 80;
  private static final String INDENT = "  ";

  private final List<String> names = new ArrayList<>();
  private final List<String> values = new ArrayList<>();

  /** Creates an empty list. */
  public Facts() {}

  /**
   * Adds a fact.
   *
   * @param name a word or two
   * @param value the fact; it is escaped when printed
   * @return this
   */
  public Facts add(String name, Object value) {
    names.add(name);
    values.add(Escape.text(String.valueOf(value)));
    return this;
  }

  /**
   * Passes on each fact in its order.
   *
   * @param action takes the name and the escaped value
   */
  public void forEach(BiConsumer<String, String> action) {
    for (int fact = 0; fact < names.size(); fact++) {
      action.accept(names.get(fact), values.get(fact));
    }
  }

  /**
   * Prints the facts, indented, below a title.
   *
   * @param console the console to print to
   * @param title the line above; it is escaped
   */
  public void print(Console console, String title) {
    console.line(Escape.text(title));
    int column = names.stream().mapToInt(String::length).max().orElse(0) + 2;
    for (int fact = 0; fact < names.size(); fact++) {
      String start = INDENT + names.get(fact) + " ".repeat(column - names.get(fact).length());
      String gap = " ".repeat(start.length());
      for (String line : wrapped(values.get(fact), WIDTH - start.length())) {
        console.line((start + line).stripTrailing());
        start = gap;
      }
    }
  }

  private static List<String> wrapped(String text, int width) {
    List<String> lines = new ArrayList<>();
    var line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
