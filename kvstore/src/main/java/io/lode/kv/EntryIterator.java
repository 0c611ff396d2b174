package io.lode.kv;

import io.lode.journal.RecordReader;
import io.lode.kv.index.HashIndex;
import io.lode.store.StoreException;
import java.lang.ref.Reference;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;

/**
 * Reads what a snapshot sees, a few groups of the index at a time: their records are listed under
 * the lock of their stripe, then prefetched and copied under a pin. So it takes the same memory
 * however much there is, and holds nothing back but what its snapshot does. A group keeps its
 * entries while the index grows, so each is seen once.
 */
final class EntryIterator implements Iterator<KvEntry> {
  /** Records in a list, at least if there are as many. All are prefetched before one is read. */
  private static final int LISTED = 64;

  /** After so many bytes of keys and values in one list, a list is of one group. */
  private static final long LARGE_BYTES = 256 << 10;

  private final Snapshots snapshots;
  private final Snapshot snapshot;
  private final OldVersions.View view;
  private final Runnable atEnd;

  /** Entries, or the errors of damaged ones. */
  private final Queue<Object> ready = new ArrayDeque<>();

  private long[] addresses = new long[2 * LISTED];
  private int count;
  private int wanted = LISTED;
  private int stripe = -1;
  private int groupBits;
  private int group = 1;

  /**
   * Makes an iterator.
   *
   * @param snapshot which must not be garbage before the iterator is
   */
  EntryIterator(Snapshots snapshots, Snapshot snapshot, OldVersions.View view, Runnable atEnd) {
    this.snapshots = snapshots;
    this.snapshot = snapshot;
    this.view = view;
    this.atEnd = atEnd;
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && hasMoreGroups()) {
      fill();
    }
    if (ready.isEmpty()) {
      atEnd.run();
    }
    return !ready.isEmpty();
  }

  @Override
  public KvEntry next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    snapshots.requireOpen(view);
    Object next = ready.remove();
    if (next instanceof StoreException.Damaged damaged) {
      throw damaged;
    }
    return (KvEntry) next;
  }

  private boolean hasMoreGroups() {
    return group < 1 << groupBits || stripe < HashIndex.STRIPES - 1;
  }

  private void fill() {
    snapshots.requireOpen(view);
    try (Pins.Pin _ = snapshots.pinToRead()) {
      list();
      read();
      // What was read may have been overwritten while another thread closed the snapshot.
      snapshots.requireOpen(view);
    } finally {
      Reference.reachabilityFence(snapshot);
    }
  }

  private void list() {
    count = 0;
    while (count < wanted && hasMoreGroups()) {
      if (group == 1 << groupBits) {
        stripe++;
        groupBits = snapshots.groupBits(stripe);
        group = 0;
      }
      snapshots.list(view, stripe, groupBits, group, this::add);
      group++;
    }
  }

  private void add(long address) {
    if (count == addresses.length) {
      addresses = Arrays.copyOf(addresses, 2 * count);
    }
    addresses[count++] = address;
  }

  private void read() {
    KeyRecords records = snapshots.records();
    for (int number = 0; number < count; number++) {
      records.prefetchWhole(addresses[number]);
    }
    long bytes = 0;
    for (int number = 0; number < count; number++) {
      bytes += read(records, addresses[number]);
    }
    wanted = bytes > LARGE_BYTES ? 1 : LISTED;
  }

  /** Makes a record ready if the snapshot sees it; returns the bytes of its key and value. */
  private int read(KeyRecords records, long address) {
    RecordReader record = records.readIfSound(address);
    if (record == null) {
      ready.add(records.damaged(address));
    } else if (record.sequence() < view.bound()) {
      ready.add(KvEntry.of(record));
      return record.lengthBytes();
    }
    return 0;
  }
}
