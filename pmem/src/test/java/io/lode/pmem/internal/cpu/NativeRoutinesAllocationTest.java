package io.lode.pmem.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A call allocates nothing, whatever collects the garbage. */
class NativeRoutinesAllocationTest {
  @ParameterizedTest
  @ValueSource(strings = {"-XX:+UseG1GC", "-XX:+UseZGC", "-XX:+UseSerialGC"})
  void callsAllocateNothing(String collector) {
    assertThat(CommandRun.java(Map.of(), AllocationProbe.class, collector).lines())
        .containsExactly(
            "200 bytes: 0 allocated", "4096 bytes: 0 allocated", "70000 bytes: 0 allocated");
  }
}
