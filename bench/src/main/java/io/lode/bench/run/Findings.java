package io.lode.bench.run;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What checks found, in the lines that {@code ./check} counts. */
public final class Findings {
  private final List<String> lines = new ArrayList<>();
  private boolean fine = true;

  /** Begins without any. */
  public Findings() {}

  /**
   * Notes a check.
   *
   * @param name the fact that should be
   * @param holds whether it is
   */
  public void add(String name, boolean holds) {
    add(name, holds, "");
  }

  /**
   * Notes a check.
   *
   * @param name the fact that should be
   * @param holds whether it is
   * @param found what is instead, for the one who reads of it
   */
  public void add(String name, boolean holds, @Nullable Object found) {
    fine &= holds;
    lines.add((holds ? "passed" : "failed") + "\t" + name + "\t" + (holds ? "" : found) + "\t");
  }

  /**
   * Tells whether there was a check, and all hold.
   *
   * @return true if so
   */
  public boolean isFine() {
    return fine && !lines.isEmpty();
  }

  /**
   * Returns a line for each check: outcome, name, message and report, with tabs between.
   *
   * @return the lines
   */
  public List<String> lines() {
    return List.copyOf(lines);
  }
}
