package io.lode.numa.internal;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The states that a thread's nested scopes restore: closing all scopes, in any order, ends at the
 * state from before the first.
 *
 * <p>Closing the innermost scope restores its saved state; a scope that is closed while an inner
 * one is still open hands its saved state to the inner one instead.
 *
 * @param <S> the state saved
 */
public final class RestoreStack<S> {
  // Each stack is itself held in a static field: one for masks, one for policies.
  @SuppressWarnings("ThreadLocalUsage")
  private final ThreadLocal<Entry<S>> innermost = new ThreadLocal<>();

  /** One open scope of the thread that pushed it. */
  public static final class Entry<S> {
    private final Thread owner = Thread.currentThread();
    private final RestoreStack<S> stack;
    private @Nullable Entry<S> inner;
    private @Nullable Entry<S> outer;
    private S saved;
    private boolean closed;

    private Entry(RestoreStack<S> stack, S saved, @Nullable Entry<S> outer) {
      this.stack = stack;
      this.saved = saved;
      this.outer = outer;
    }

    /**
     * Ends this scope.
     *
     * @return the state to restore, absent when an inner scope will do so or this scope was closed
     *     before
     * @throws IllegalStateException on another thread than the one that opened the scope
     */
    public Optional<S> close() {
      if (Thread.currentThread().threadId() != owner.threadId()) {
        throw new IllegalStateException(
            "scope opened by thread \""
                + owner.getName()
                + "\" must be closed by it, not by \""
                + Thread.currentThread().getName()
                + "\"");
      }
      if (closed) {
        return Optional.empty();
      }
      closed = true;
      return stack.remove(this);
    }
  }

  /** Opens a scope that restores {@code saved}. */
  public Entry<S> push(S saved) {
    Entry<S> outer = innermost.get();
    Entry<S> entry = new Entry<>(this, saved, outer);
    if (outer != null) {
      outer.inner = entry;
    }
    innermost.set(entry);
    return entry;
  }

  private Optional<S> remove(Entry<S> entry) {
    Entry<S> outer = entry.outer;
    Entry<S> inner = entry.inner;
    if (outer != null) {
      outer.inner = inner;
    }
    if (inner != null) {
      inner.outer = outer;
      inner.saved = entry.saved;
      return Optional.empty();
    }
    if (outer == null) {
      innermost.remove();
    } else {
      innermost.set(outer);
    }
    return Optional.of(entry.saved);
  }
}
