package io.lode.crashtest;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The states in which the operations of several threads can leave a structure. Each operation takes
 * effect at some moment between its begin and its return, or possibly not at all if it has not
 * returned, and a read returns the state at its moment. Under durable linearizability these are
 * also the states after a crash.
 *
 * @param <M> the model's state
 */
final class Linearizations<M> {
  /** One operation, called by one thread. */
  static final class Call<M> {
    private final UnaryOperator<M> effect;
    private final @Nullable Function<M, Object> read;
    private int begun = Integer.MAX_VALUE;
    private int returned = Integer.MAX_VALUE;
    private @Nullable Object result;
    private boolean refused;

    private Call(UnaryOperator<M> effect, @Nullable Function<M, Object> read) {
      this.effect = effect;
      this.read = read;
    }

    /** Records what it has read. */
    void result(@Nullable Object value) {
      result = value;
    }

    /** Records that it changed nothing. */
    void refuse() {
      refused = true;
    }

    void begin(int event) {
      begun = event;
    }

    void end(int event) {
      returned = event;
    }
  }

  private final M start;
  private final List<Call<M>> calls = new ArrayList<>();

  Linearizations(M start) {
    this.start = start;
  }

  /** Adds an operation that changes the state. */
  Call<M> write(UnaryOperator<M> effect) {
    var call = new Call<M>(effect, null);
    calls.add(call);
    return call;
  }

  /** Adds an operation that reads. */
  Call<M> read(Function<M, Object> read) {
    var call = new Call<M>(UnaryOperator.identity(), read);
    calls.add(call);
    return call;
  }

  Call<M> call(int index) {
    return calls.get(index);
  }

  /** Returns the acceptable states before an event. */
  List<M> statesAt(int event) {
    Set<M> states = new LinkedHashSet<>();
    search(start, 0, event, states);
    return List.copyOf(states);
  }

  private void search(M state, int done, int event, Set<M> states) {
    boolean isComplete = true;
    for (int i = 0; i < calls.size(); i++) {
      Call<M> call = calls.get(i);
      if ((done & 1 << i) != 0 || call.begun >= event) {
        continue;
      }
      boolean hasReturned = call.returned < event;
      isComplete &= !hasReturned;
      if (isNext(call, done, event) && isRight(call, state, hasReturned)) {
        M after = call.refused ? state : call.effect.apply(state);
        search(after, done | 1 << i, event, states);
      }
    }
    if (isComplete) {
      states.add(state);
    }
  }

  /** Tells whether every operation that had returned before this one began is included. */
  private boolean isNext(Call<M> call, int done, int event) {
    for (int i = 0; i < calls.size(); i++) {
      if ((done & 1 << i) == 0 && calls.get(i).returned < Math.min(event, call.begun)) {
        return false;
      }
    }
    return true;
  }

  private static <M> boolean isRight(Call<M> call, M state, boolean hasReturned) {
    return call.read == null
        || (hasReturned && java.util.Objects.equals(call.read.apply(state), call.result));
  }
}
