package io.lode.crashtest;

/**
 * The cost of durability of an operation, to be compared with a budget.
 *
 * @param operation its name
 * @param fences the number of fences, or of syncs on a page map
 * @param lines the number of lines flushed; each flush counts
 */
public record OperationCost(String operation, int fences, int lines)
    implements Comparable<OperationCost> {
  @Override
  public int compareTo(OperationCost other) {
    int byName = operation.compareTo(other.operation);
    int byFences = Integer.compare(fences, other.fences);
    return byName != 0 ? byName : byFences != 0 ? byFences : Integer.compare(lines, other.lines);
  }

  @Override
  public String toString() {
    return operation + "=" + fences + " fences, " + lines + " lines";
  }
}
