package io.lode.kv;

import static io.lode.kv.MemoryPools.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.lode.numa.Affinity;
import io.lode.numa.CpuSet;
import io.lode.numa.NodeSet;
import io.lode.numa.Placement;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KvWriterTest {
  private final KvStore store = KvStore.create(MemoryPools.memory(2), MemoryPools.CONFIG);

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void threadRunsNearTheDeviceUntilTheWriterCloses() {
    CpuSet before = Affinity.current();
    CpuSet near = CpuSet.of(before.last().orElseThrow());
    var placement = new Placement(NodeSet.of(0), near, "a test says so");
    try (KvWriter writer = KvWriter.pinned(store.engine(), placement)) {
      assertThat(Affinity.current()).isEqualTo(near);
      assertThat(writer.isPinned()).isTrue();
      assertThat(writer.placement()).contains("pinned to CPUs " + near);
      writer.put(bytes("key"), bytes("value"));
      assertThat(writer.delete(bytes("key"))).isTrue();
    }
    assertThat(Affinity.current()).isEqualTo(before);
  }

  @Test
  void threadStaysWhereItIsWhenThereIsNowhereToGo() {
    CpuSet before = Affinity.current();
    var nowhere = new Placement(NodeSet.empty(), CpuSet.empty(), "the device has no node");
    try (KvWriter writer = KvWriter.pinned(store.engine(), nowhere)) {
      assertThat(Affinity.current()).isEqualTo(before);
      assertThat(writer.isPinned()).isFalse();
      assertThat(writer.placement()).startsWith("not pinned: ");
      writer.put(bytes("key"), bytes("value"));
    }
  }

  @Test
  void virtualThreadIsRefused() throws InterruptedException {
    var failure = new AtomicReference<Throwable>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            store.writer();
          } catch (IllegalStateException refused) {
            failure.set(refused);
          }
        })
        .join();
    assertThat(failure.get()).hasMessageContaining("virtual thread");
  }

  @Test
  void otherThreadsAndClosedWritersAreRefused() throws InterruptedException {
    KvWriter writer = store.writer();
    var failure = new AtomicReference<Throwable>();
    Thread other =
        Thread.ofPlatform()
            .start(() -> {
              try {
                writer.put(bytes("key"), bytes("value"));
              } catch (IllegalStateException refused) {
                failure.set(refused);
              }
            });
    other.join();
    assertThat(failure.get()).hasMessageContaining("belongs to thread");
    writer.close();
    writer.close();
    assertThatIllegalStateException().isThrownBy(() -> writer.put(bytes("a"), bytes("b")));
  }
}
