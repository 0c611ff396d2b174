package io.lode.pmem.internal.cpu;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.lode.pmem.CopyFlags;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Run as a JVM of its own: threads copy into, fill and flush maps that are closed and unmapped
 * under them, one after the other; the next map, which no thread knows yet, is at the same address
 * as a rule. A store to what was unmapped ends the process, one to the next map is found there.
 */
final class CloseRaceProbe {
  private static final Routines ROUTINES = Objects.requireNonNull(Routines.find().routines());
  private static final int PAGES = 33;
  private static final long SIZE = PAGES * 4096L;
  private static final int WRITERS = 2;
  private static final int MAX_ROUNDS = 2000;
  private static final long CANARY = 0x5555_5555_5555_5555L;

  private final boolean arenaFirst;
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private volatile @Nullable MapMemory current;
  private volatile boolean stop;

  private CloseRaceProbe(boolean arenaFirst) {
    this.arenaFirst = arenaFirst;
  }

  /** The system properties: seconds, arenaFirst (the wrong order, to see what it does), seed. */
  public static void main(String[] arguments) throws InterruptedException {
    new CloseRaceProbe(Boolean.getBoolean("arenaFirst")).run(Integer.getInteger("seconds", 1));
  }

  private void run(int seconds) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    long seed = Long.getLong("lode.seed", System.nanoTime());
    System.out.println("seed=" + seed);
    var random = new Random(seed);
    List<Thread> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      long own = random.nextLong();
      writers.add(Thread.ofPlatform().daemon().start(() -> write(new Random(own))));
    }
    int rounds = 0;
    int reused = 0;
    long wrong = 0;
    GuardedPages pages = new GuardedPages(PAGES);
    for (; rounds < MAX_ROUNDS && System.nanoTime() < end; rounds++) {
      current = pages.map();
      spin(random.nextInt(100_000));
      close(pages);
      GuardedPages next = canary();
      spin(random.nextInt(30_000));
      wrong += strangers(next.segment());
      reused += next.segment().address() == pages.segment().address() ? 1 : 0;
      pages = next;
    }
    stop = true;
    for (Thread writer : writers) {
      writer.join();
    }
    pages.close();
    System.out.println("done=" + (done.get() > rounds) + " refused=" + (refused.get() > rounds));
    System.out.println("reused=" + (reused > rounds / 2) + " wrong=" + wrong);
  }

  /** As a map's owner does; or first the arena, which leaves an instant for what must not be. */
  private void close(GuardedPages pages) {
    if (arenaFirst) {
      pages.arena().close();
      pages.unmap();
      pages.map().close();
    } else {
      pages.close();
    }
  }

  private static GuardedPages canary() {
    var pages = new GuardedPages(PAGES);
    for (long offset = 0; offset < SIZE; offset += Long.BYTES) {
      pages.segment().set(JAVA_LONG, offset, CANARY);
    }
    return pages;
  }

  /** How many words are not those of a new map. */
  private static long strangers(MemorySegment memory) {
    long count = 0;
    for (long offset = 0; offset < SIZE; offset += Long.BYTES) {
      count += memory.get(JAVA_LONG, offset) == CANARY ? 0 : 1;
    }
    return count;
  }

  private static void spin(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  private void write(Random random) {
    var source = MemorySegment.ofArray(new byte[(int) SIZE]).fill((byte) 1);
    while (!stop) {
      MapMemory map = current;
      if (map == null) {
        continue;
      }
      try {
        call(map, source, random);
        done.incrementAndGet();
      } catch (IllegalStateException closed) {
        refused.incrementAndGet();
      }
    }
  }

  /** Long calls, which unmapping must wait for, and short ones. */
  private static void call(MapMemory map, MemorySegment source, Random random) {
    long length = random.nextInt(4) == 0 ? random.nextLong(SIZE) : random.nextInt(600);
    long offset = random.nextLong(SIZE - length);
    var flags = random.nextBoolean() ? CopyFlags.NO_FLUSH : CopyFlags.NON_TEMPORAL;
    switch (random.nextInt(4)) {
      case 0 -> ROUTINES.copy(map, offset, source, 0, length, flags, false);
      case 1 -> ROUTINES.fill(map, offset, length, (byte) 2, flags, false);
      case 2 -> ROUTINES.flush(map, offset, length);
      default -> ROUTINES.persist(map, offset, length);
    }
  }
}
