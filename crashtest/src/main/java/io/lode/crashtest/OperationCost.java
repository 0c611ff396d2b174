package io.lode.crashtest;

/**
 * What an operation spent on durability, to be compared with a budget.
 *
 * @param operation its name
 * @param fences how many fences, or syncs on a page map
 * @param lines how many lines were flushed, each flush counted
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
