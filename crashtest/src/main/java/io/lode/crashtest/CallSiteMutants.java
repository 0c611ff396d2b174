package io.lode.crashtest;

import io.lode.crashtest.trace.Event;
import io.lode.crashtest.trace.Order;
import io.lode.crashtest.trace.Tampering;
import io.lode.crashtest.trace.Tampering.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Finds the faults that can be planted at the call sites reached by a program with every operation.
 */
final class CallSiteMutants {
  private final Map<String, Mutant> found = new TreeMap<>();

  private final PersistencyModel model;
  private String lastFence = "";

  private CallSiteMutants(PersistencyModel model) {
    this.model = model;
  }

  static List<Mutant> find(Subjects.Loaded loaded, Settings settings) {
    var mutants = new CallSiteMutants(settings.model());
    mutants.collect(loaded, loaded.supplier().get(), settings);
    return List.copyOf(mutants.found.values());
  }

  private <T, M> void collect(Subjects.Loaded loaded, Subject<T, M> subject, Settings settings) {
    Harness<T, M> harness = new Harness<>(subject, loaded, settings);
    int count = harness.operations().size();
    int[] everyPair =
        IntStream.range(0, count * count)
            .flatMap(pair -> IntStream.of(pair / count, pair % count))
            .toArray();
    Recording<M> recording = harness.record(everyPair, 0);
    PendingStores end = new PendingStores(settings.model(), recording.start());
    collect(recording.events(), end);
    Recording.Step<M> last = recording.steps().getLast();
    Recording<M> recovery = harness.recordRecovery(end.contents(), last, true);
    collect(recovery.events(), new PendingStores(settings.model(), recovery.start()));
  }

  private void collect(List<Event> events, PendingStores memory) {
    for (Event event : events) {
      switch (event) {
        case Event.Flush flush -> add(Kind.DROP_FLUSH, flush.site().place());
        case Event.Fence fence -> {
          add(Kind.DROP_FENCE, fence.site().place());
          lastFence = fence.site().place();
        }
        case Event.Store store -> {
          collect(store, memory.contents());
          memory.store(store);
        }
        case Event.Begin _ -> lastFence = "";
        case Event.Ack _ -> addEarlyReturn();
        case Event.Load _ -> {}
      }
    }
  }

  /** The last fence of an operation is the one that its return must wait for. */
  private void addEarlyReturn() {
    if (!lastFence.isEmpty()) {
      add(Kind.EARLY_RETURN, lastFence);
    }
  }

  private void collect(Event.Store store, byte[] before) {
    String place = store.site().place();
    add(Kind.DROP_STORE, place);
    add(Kind.DELAY_STORE, place);
    boolean isOrdered = store.order() == Order.RELEASE || store.order() == Order.VOLATILE;
    if (isOrdered && model == PersistencyModel.ADR_UNORDERED) {
      add(Kind.PLAIN_STORE, place);
    }
    // A store that changes only one half cannot be torn between the halves.
    if (isOrdered
        && store.bytes().length == Long.BYTES
        && differs(store, before, 0)
        && differs(store, before, Integer.BYTES)) {
      add(Kind.SPLIT_STORE, place);
    }
  }

  private static boolean differs(Event.Store store, byte[] before, int half) {
    int at = (int) store.offset() + half;
    return !Arrays.equals(
        before, at, at + Integer.BYTES, store.bytes(), half, half + Integer.BYTES);
  }

  private void add(Kind kind, String place) {
    Mutant mutant = Mutant.at(new Tampering(kind, place));
    found.put(mutant.name(), mutant);
  }
}
