package io.lode.kv;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lode.kv.index.HashIndex;
import io.lode.pool.Pool;
import io.lode.pool.Segment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * The versions that were replaced while a snapshot was open that sees them. A snapshot has a bound:
 * it sees of each key the newest version below. Nothing leads to an old version but this, so its
 * segment is not freed before it is forgotten.
 *
 * <p>The versions of a stripe are changed and looked at under the lock of the stripe. All stripes
 * are locked, and nothing is staged in the index, when a snapshot's bound is added: what is
 * replaced later is replaced by changes that the snapshot does not see.
 */
final class OldVersions {
  private final Pool pool;

  /** By the bits of a hash in reverse, so that the versions of a group are neighbours. */
  private final List<NavigableMap<Long, List<Version>>> stripes;

  /** How many versions lie in each segment. */
  private final SegmentCounters counts;

  /** In the order of their bounds. */
  @GuardedBy("this")
  private final List<View> views = new ArrayList<>();

  /** The bounds of the open snapshots, ascending. */
  private volatile long[] bounds = {};

  /**
   * What a snapshot sees.
   *
   * @param bound changes with lower sequences
   * @param size how many keys have a value
   * @param pin the snapshot's
   */
  record View(long bound, long size, Pins.Pin pin) {}

  /**
   * A version that was replaced.
   *
   * @param address where its record is
   * @param sequence its own; 0 if the record is damaged
   * @param lastBound the highest bound when it was replaced
   */
  record Version(long address, long sequence, long lastBound) {
    boolean isSeenFrom(long bound) {
      return sequence < bound && bound <= lastBound;
    }
  }

  OldVersions(Pool pool) {
    this.pool = pool;
    this.counts = new SegmentCounters(pool.segments().size());
    this.stripes =
        Stream.<NavigableMap<Long, List<Version>>>generate(TreeMap::new)
            .limit(HashIndex.STRIPES)
            .toList();
  }

  /** Makes room for the segments of a pool that grows. */
  void reserve(int segments) {
    counts.reserve(segments);
  }

  /** Keeps from now on what a snapshot sees. The caller has the locks of all stripes. */
  synchronized void open(View view) {
    assert views.isEmpty() || views.getLast().bound <= view.bound : view;
    views.add(view);
    setBounds();
  }

  @GuardedBy("this")
  private void setBounds() {
    bounds = views.stream().mapToLong(View::bound).toArray();
  }

  /**
   * Closes a snapshot and forgets what no other sees; closing again does nothing. The caller has no
   * lock of a stripe.
   */
  void close(View view, Stripes locks) {
    synchronized (this) {
      if (!views.removeIf(open -> open.pin.equals(view.pin))) {
        return;
      }
      setBounds();
    }
    forget(locks);
    view.pin.close();
  }

  /** Closes the snapshots that nobody can close any more. The caller has no lock of a stripe. */
  void closeAbandoned(Stripes locks) {
    List<View> abandoned;
    synchronized (this) {
      abandoned = views.stream().filter(view -> view.pin.isAbandoned()).toList();
    }
    abandoned.forEach(view -> close(view, locks));
  }

  private void forget(Stripes locks) {
    for (int stripe = 0; stripe < HashIndex.STRIPES; stripe++) {
      locks.lock(1L << stripe);
      try {
        stripes.get(stripe).values().removeIf(this::isForgotten);
      } finally {
        locks.unlock(1L << stripe);
      }
    }
  }

  private boolean isForgotten(List<Version> versions) {
    versions.removeIf(version -> {
      boolean needless = !isSeen(version);
      if (needless) {
        counts.add(pool.segmentAt(version.address).index(), -1);
      }
      return needless;
    });
    return versions.isEmpty();
  }

  private boolean isSeen(Version version) {
    return Arrays.stream(bounds).anyMatch(version::isSeenFrom);
  }

  /** Whether there is a snapshot. The caller has the lock of a stripe. */
  boolean areWanted() {
    return bounds.length > 0;
  }

  /** Adds a version that was replaced, if a snapshot sees it. The caller has the stripe's lock. */
  void add(long hash, long address, long sequence) {
    long[] open = bounds;
    if (open.length == 0) {
      return;
    }
    var version = new Version(address, sequence, open[open.length - 1]);
    if (isSeen(version)) {
      stripes
          .get(HashIndex.stripeOf(hash))
          .computeIfAbsent(order(hash), _ -> new ArrayList<>(1))
          .add(version);
      counts.add(pool.segmentAt(address).index(), 1);
    }
  }

  /** Returns what a snapshot sees of a hash. The caller has the stripe's lock. */
  List<Version> of(long hash, long bound) {
    return stripes.get(HashIndex.stripeOf(hash)).getOrDefault(order(hash), List.of()).stream()
        .filter(version -> version.isSeenFrom(bound))
        .toList();
  }

  /**
   * Shows the addresses that a snapshot sees of a group of the index ({@link HashIndex#groupBits}).
   * The caller has the stripe's lock.
   */
  void forEach(int stripe, int groupBits, int group, long bound, LongConsumer action) {
    NavigableMap<Long, List<Version>> versions = stripes.get(stripe);
    if (versions.isEmpty()) {
      return;
    }
    long low = (long) group << HashIndex.STRIPE_BITS | stripe;
    long high = low | -1L << (HashIndex.STRIPE_BITS + groupBits);
    for (List<Version> ofHash : versions.subMap(order(low), true, order(high), true).values()) {
      for (Version version : ofHash) {
        if (version.isSeenFrom(bound)) {
          action.accept(version.address);
        }
      }
    }
  }

  /** Orders hashes by their lowest bit first, then the next. */
  private static long order(long hash) {
    return Long.reverse(hash) ^ Long.MIN_VALUE;
  }

  /** Whether a segment holds a version that a snapshot sees. */
  boolean areIn(Segment segment) {
    return counts.get(segment.index()) > 0;
  }

  /** Returns the indexes of the segments that hold a version which a snapshot sees. */
  BitSet segmentsOf(Pins.Pin snapshot, Stripes locks) {
    long bound = boundOf(snapshot);
    var found = new BitSet();
    for (int stripe = 0; stripe < HashIndex.STRIPES; stripe++) {
      locks.lock(1L << stripe);
      try {
        stripes.get(stripe).values().stream()
            .flatMap(List::stream)
            .filter(version -> version.isSeenFrom(bound))
            .forEach(version -> found.set(pool.segmentAt(version.address).index()));
      } finally {
        locks.unlock(1L << stripe);
      }
    }
    return found;
  }

  private synchronized long boundOf(Pins.Pin snapshot) {
    return views.stream()
        .filter(view -> view.pin.equals(snapshot))
        .mapToLong(View::bound)
        .findFirst()
        .orElse(0);
  }
}
