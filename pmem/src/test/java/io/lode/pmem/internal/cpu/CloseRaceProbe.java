package io.lode.pmem.internal.cpu;

import io.lode.pmem.CopyFlags;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Run as a JVM of its own: threads copy into, fill and flush maps that are closed and unmapped
 * under them, one after the other; the next map, which no thread knows yet, is at the same address
 * as a rule. A store to what was unmapped ends the process, one to the next map is found there.
 *
 * <p>Nothing is left to the clock. Each round waits until a call on its map has begun, closes the
 * map, and waits until calls on it were refused; the wrong order waits for a call where there must
 * be none.
 */
final class CloseRaceProbe {
  private static final Routines ROUTINES = Objects.requireNonNull(Routines.find().routines());
  private static final int PAGES = 33;
  private static final long SIZE = PAGES * 4096L;
  private static final int WRITERS = 2;
  private static final byte CANARY = 0x55;

  /** Calls in the wrong order: of so many some touch memory, whatever the lengths drawn. */
  private static final int FATAL_CALLS = 100;

  private final boolean arenaFirst;
  private final List<Writer> writers = new ArrayList<>();
  private volatile @Nullable MapMemory current;
  private volatile boolean stop;

  private CloseRaceProbe(boolean arenaFirst) {
    this.arenaFirst = arenaFirst;
  }

  /**
   * The system properties: rounds, warmUp (calls before the first round), arenaFirst (the wrong
   * order, to see what it does), lode.seed.
   */
  public static void main(String[] arguments) throws InterruptedException {
    new CloseRaceProbe(Boolean.getBoolean("arenaFirst"))
        .run(Integer.getInteger("rounds", 1), Integer.getInteger("warmUp", 0));
  }

  private void run(int rounds, int warmUp) throws InterruptedException {
    long seed = Long.getLong("lode.seed", System.nanoTime());
    System.out.println("seed=" + seed);
    var random = new Random(seed);
    GuardedPages pages = new GuardedPages(PAGES);
    current = pages.map();
    for (int i = 0; i < WRITERS; i++) {
      writers.add(new Writer(random.nextLong()));
    }
    await(() -> writers.stream().allMatch(writer -> writer.begun > warmUp));
    int met = 0;
    int reused = 0;
    int wrong = 0;
    var untouched = MemorySegment.ofArray(new byte[(int) SIZE]).fill(CANARY);
    for (int round = 0; round < rounds; round++) {
      current = pages.map();
      met += closeDuringACall(pages, writers.get(round % WRITERS), random) ? 1 : 0;
      GuardedPages next = canary(pages.start());
      awaitRefusals();
      wrong += next.segment().mismatch(untouched) == -1 ? 0 : 1;
      reused += next.segment().address() == pages.segment().address() ? 1 : 0;
      pages = next;
    }
    stop = true;
    for (Writer writer : writers) {
      writer.thread.join();
    }
    pages.close();
    System.out.println("rounds=" + rounds + " met=" + met);
    System.out.println("reused=" + (reused > rounds / 2) + " wrong=" + wrong);
  }

  /** Returns whether a call that had begun before was still under way when closing began. */
  private boolean closeDuringACall(GuardedPages pages, Writer writer, Random random) {
    await(() -> writer.inside == pages.map());
    // From its first instruction to well after its last, most often near the first.
    for (int turn = random.nextInt(1 << random.nextInt(10)); turn > 0; turn--) {
      Thread.onSpinWait();
    }
    boolean met = writers.stream().anyMatch(any -> any.inside == pages.map());
    close(pages);
    return met;
  }

  /**
   * As a map's owner does; or first the arena, and a call comes where the map is not closed yet.
   */
  private void close(GuardedPages pages) {
    if (arenaFirst) {
      pages.arena().close();
      pages.unmap();
      long begun = writers.getFirst().begun;
      await(() -> writers.getFirst().begun > begun + FATAL_CALLS);
      pages.map().close();
    } else {
      pages.close();
    }
  }

  private static GuardedPages canary(long address) {
    var pages = new GuardedPages(PAGES, address);
    pages.segment().fill(CANARY);
    return pages;
  }

  /** Waits until no writer can have a call under way that began before. */
  private void awaitRefusals() {
    for (Writer writer : writers) {
      long refused = writer.refused;
      await(() -> writer.refused > refused);
    }
  }

  /** However long it takes: whoever runs this ends it if it hangs. */
  @SuppressWarnings("ThreadPriorityCheck") // spinning would keep the processor from whom it awaits
  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.yield();
    }
  }

  /** Calls on the current map again and again, from a thread of its own. */
  private final class Writer {
    private final Random random;
    private final MemorySegment source = MemorySegment.ofArray(new byte[(int) SIZE]).fill((byte) 1);
    private final Thread thread;

    /** How many calls began, and how many of them were refused; written by the thread alone. */
    private volatile long begun;

    private volatile long refused;

    /** The map of the call under way, if any. */
    private volatile @Nullable MapMemory inside;

    Writer(long seed) {
      random = new Random(seed);
      thread = Thread.ofPlatform().daemon().start(this::run);
    }

    @SuppressWarnings("ThreadPriorityCheck") // who was refused leaves the processor to the others
    private void run() {
      try {
        long calls = 0;
        long refusals = 0;
        while (!stop) {
          MapMemory map = Objects.requireNonNull(current);
          begun = ++calls;
          inside = map;
          try {
            call(map);
          } catch (IllegalStateException closed) {
            refused = ++refusals;
            Thread.yield();
          }
          inside = null;
        }
      } catch (Throwable failure) {
        failure.printStackTrace(System.out);
        Runtime.getRuntime().halt(3);
      }
    }

    /** Long calls, which unmapping must wait for, and short ones. */
    private void call(MapMemory map) {
      long length = random.nextBoolean() ? random.nextLong(SIZE) : random.nextInt(600);
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
}
