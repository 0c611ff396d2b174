package io.lode.crashtest;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lode.crashtest.trace.Event;
import io.lode.crashtest.trace.Site;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The counts and findings of all workers of a run. */
final class Totals {
  /** Maximum number of violations to keep; the rest is only counted. */
  private static final int KEPT_VIOLATIONS = 20;

  final LongAdder programs = new LongAdder();
  final LongAdder points = new LongAdder();
  final LongAdder sampledPoints = new LongAdder();
  final LongAdder cutShortPoints = new LongAdder();
  final LongAdder images = new LongAdder();
  final LongAdder nestedImages = new LongAdder();
  final LongAdder schedules = new LongAdder();
  final LongAdder opens = new LongAdder();
  final LongAccumulator mostStates = new LongAccumulator(Math::max, 0);
  final LongAdder violationCount = new LongAdder();
  final LongAdder stores = new LongAdder();

  @GuardedBy("itself")
  private final List<Violation> violations = new ArrayList<>();

  private final Map<Finding.Rule, Map<String, LongAdder>> findings = new ConcurrentHashMap<>();
  private final Map<Outcome, Long> outcomes = new ConcurrentHashMap<>();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private final Set<String> accepted = ConcurrentHashMap.newKeySet();
  private final Set<OperationCost> costs = new ConcurrentSkipListSet<>();

  void add(Violation violation) {
    violationCount.increment();
    synchronized (violations) {
      if (violations.size() < KEPT_VIOLATIONS) {
        violations.add(violation);
      }
    }
  }

  boolean hasViolations() {
    return violationCount.sum() > 0;
  }

  /**
   * Returns the first violation of each kind: those that name what was lost, then shortest program
   * first.
   */
  List<Violation> violations() {
    Set<String> kinds = new HashSet<>();
    synchronized (violations) {
      return violations.stream()
          .sorted(
              Comparator.comparing((Violation violation) -> violation.lost().isEmpty())
                  .thenComparingInt(violation -> violation.operations().size())
                  .thenComparing(Violation::replay))
          .filter(violation -> kinds.add(violation.kind()))
          .toList();
    }
  }

  /** Counts what a recorded program did. */
  void ran(Recording<?> recording) {
    for (Event event : recording.events()) {
      if (event instanceof Event.Store) {
        stores.increment();
      }
    }
    for (Recording.Step<?> step : recording.steps()) {
      (step.refused() ? refused : accepted).add(step.name());
    }
    Site unnoticed = recording.unnoticed();
    if (unnoticed != null) {
      found(Finding.Rule.UNSEEN_ACCESS, unnoticed.place());
    }
  }

  /** Tells whether something that would have to be tried is missing from what was recorded. */
  boolean hasGaps() {
    return stores.sum() == 0
        || !accepted.containsAll(refused)
        || findings.containsKey(Finding.Rule.UNSEEN_ACCESS);
  }

  void found(Finding.Rule rule, String place) {
    findings
        .computeIfAbsent(rule, key -> new ConcurrentSkipListMap<>())
        .computeIfAbsent(place, key -> new LongAdder())
        .increment();
  }

  List<Finding> findings() {
    List<Finding> list = new ArrayList<>();
    for (Finding.Rule rule : Finding.Rule.values()) {
      findings
          .getOrDefault(rule, Map.of())
          .forEach((place, count) -> list.add(new Finding(rule, place, count.sum())));
    }
    refused.stream()
        .filter(name -> !accepted.contains(name))
        .sorted()
        .forEach(name -> list.add(new Finding(Finding.Rule.NEVER_ACCEPTED, name, 1)));
    return List.copyOf(list);
  }

  /**
   * Adds the outcomes of damaged memory; the violation is the first wrong answer, if there is one.
   */
  void damaged(Map<Outcome, Long> counts, @Nullable Violation wrong) {
    counts.forEach((outcome, count) -> outcomes.merge(outcome, count, Long::sum));
    if (wrong != null) {
      add(wrong);
    }
  }

  Map<Outcome, Long> outcomes() {
    return Map.copyOf(outcomes);
  }

  void cost(OperationCost cost) {
    costs.add(cost);
  }

  List<OperationCost> costs() {
    return List.copyOf(costs);
  }

  /** Tells whether a crash is tried before an event. */
  static boolean isCrashPoint(Event event, PersistencyModel model) {
    return switch (event) {
      case Event.Fence _ -> !model.flushWaits();
      case Event.Flush _ -> model.flushWaits();
      case Event.Ack _ -> true;
      case Event.Begin _, Event.Store _, Event.Load _ -> false;
    };
  }
}
