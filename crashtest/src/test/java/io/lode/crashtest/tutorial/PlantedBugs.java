package io.lode.crashtest.tutorial;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.lode.pmem.PmemMap;

/** Versions of the stack, each with one bug. */
final class PlantedBugs {
  private static final long VALUES = 64;

  private PlantedBugs() {}

  /** One fence for both: the count may become durable first. */
  static final class OneFence extends StackSubject {
    @Override
    public PersistentStack create(PmemMap map) {
      return new PersistentStack(map) {
        @Override
        void push(long value) {
          long count = count();
          long place = VALUES + count * Long.BYTES;
          memory().set(JAVA_LONG, place, value);
          map().flush(place, Long.BYTES);
          publish(count + 1);
        }
      };
    }
  }

  /** The value is never flushed. */
  static final class NoFlush extends StackSubject {
    @Override
    public PersistentStack create(PmemMap map) {
      return new PersistentStack(map) {
        @Override
        void push(long value) {
          long count = count();
          memory().set(JAVA_LONG, VALUES + count * Long.BYTES, value);
          publish(count + 1);
        }
      };
    }
  }

  /** The value is stored in two halves after the count. */
  static final class TornValue extends StackSubject {
    @Override
    public PersistentStack create(PmemMap map) {
      return new PersistentStack(map) {
        @Override
        void push(long value) {
          long count = count();
          long place = VALUES + count * Long.BYTES;
          publish(count + 1);
          memory().set(JAVA_INT, place, (int) value);
          memory().set(JAVA_INT, place + 4, (int) (value >>> 32));
          map().persist(place, Long.BYTES);
        }
      };
    }
  }
}
