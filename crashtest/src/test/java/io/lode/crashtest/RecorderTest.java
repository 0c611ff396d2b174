package io.lode.crashtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.crashtest.probe.Accesses;
import io.lode.crashtest.trace.Event;
import io.lode.crashtest.trace.InstrumentingLoader;
import io.lode.crashtest.trace.Tampering;
import io.lode.crashtest.trace.Trace;
import io.lode.crashtest.trace.TracedMap;
import io.lode.crashtest.trace.Tracer;
import io.lode.pmem.Granularity;
import io.lode.pmem.PmemMap;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Every way to access memory is recorded, with its range, its order and its line. */
class RecorderTest {
  private final Tracer tracer = new Tracer();
  private final InstrumentingLoader loader =
      new InstrumentingLoader(
          RecorderTest.class.getClassLoader(),
          List.of(Accesses.class.getPackageName()),
          tracer,
          UnaryOperator.identity());
  private final TracedMap map = new TracedMap(4096, Granularity.CACHE_LINE, false, Tampering.NONE);

  @Test
  void everyStoreIsSeenInOrder() throws Exception {
    List<String> stores = new ArrayList<>();
    for (Event event : recorded()) {
      if (event instanceof Event.Store store) {
        stores.add(store.offset() + "+" + store.bytes().length + " " + store.order());
      }
    }
    assertThat(stores)
        .containsExactly(
            "0+8 PLAIN",
            "16+4 PLAIN",
            "24+8 RELEASE",
            "32+8 VOLATILE",
            "40+8 VOLATILE",
            "52+4 PLAIN",
            "56+8 RELEASE",
            "64+8 BULK",
            "72+2 BULK",
            "88+8 BULK",
            "96+4 BULK",
            "200+7 BULK");
  }

  @Test
  void everyLoadIsSeen() throws Exception {
    List<String> loads = new ArrayList<>();
    for (Event event : recorded()) {
      if (event instanceof Event.Load load && !load.site().access().startsWith("compare")) {
        loads.add(load.offset() + "+" + load.length());
      }
    }
    assertThat(loads).containsExactly("0+8", "8+4", "16+8", "24+8", "32+4", "40+8", "48+8", "56+8");
  }

  @Test
  void flushesAndFencesAreSeenWithTheirLines() throws Exception {
    List<String> seen = new ArrayList<>();
    for (Event event : recorded()) {
      if (event instanceof Event.Flush flush) {
        seen.add("flush " + flush.offset() + "+" + flush.length() + " " + flush.site().access());
        assertThat(flush.site().place()).startsWith("Accesses.accept:");
      } else if (event instanceof Event.Fence fence) {
        seen.add("fence " + fence.site().access());
      }
    }
    assertThat(seen)
        .containsExactly("flush 0+64 flush", "fence drain", "flush 64+32 force", "fence force");
  }

  @Test
  void whatWasNotFlushedAndFencedIsLostWithThePower() throws Exception {
    recorded();
    map.losePower();
    byte[] left = map.contents();
    assertThat(left[0]).isEqualTo((byte) 1);
    assertThat(left[64]).isEqualTo((byte) 8);
    assertThat(left[200]).isZero();
    map.restore(new byte[4096]);
    assertThat(map.contents()).containsOnly(0);
  }

  @Test
  void randomNumbersAreTheSameForTheSameSeed() throws Exception {
    var drawn = loader.loadClass(Accesses.class.getName()).getMethod("drawn");
    tracer.seed(1);
    Object first = drawn.invoke(null);
    tracer.seed(1);
    assertThat(drawn.invoke(null)).isEqualTo(first);
    assertThat(drawn.invoke(null)).isNotEqualTo(first);
  }

  @Test
  void codeThatIsNotUnderTestIsNotSeen() throws Exception {
    tracer.watch(map);
    Trace trace = new Trace();
    map.record(trace);
    map.segment().fill((byte) 1);
    assertThat(trace.events()).isEmpty();
  }

  @SuppressWarnings("unchecked")
  private List<Event> recorded() throws ReflectiveOperationException {
    tracer.watch(map);
    Trace trace = new Trace();
    map.record(trace);
    Class<?> rewritten = loader.loadClass(Accesses.class.getName());
    assertThat(rewritten).isNotSameAs(Accesses.class);
    ((Consumer<PmemMap>) rewritten.getConstructor().newInstance()).accept(map);
    return trace.events();
  }
}
