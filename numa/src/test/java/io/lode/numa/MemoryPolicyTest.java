package io.lode.numa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("restricted")
class MemoryPolicyTest {
  private static final NodeSet ALLOWED = MemoryPolicy.allowedNodes();
  private static final int NODE = ALLOWED.first().orElseThrow();
  private static final int ABSENT = Topology.snapshot().possibleNodes().last().orElseThrow() + 1;

  @AfterEach
  void nothingIsLeftBehind() {
    assertThat(MemoryPolicy.current()).isEqualTo(MemoryPolicy.standard());
  }

  private static List<MemoryPolicy> everyMode() {
    return List.of(
        MemoryPolicy.local(),
        MemoryPolicy.preferred(NODE),
        MemoryPolicy.preferredMany(ALLOWED),
        MemoryPolicy.bind(ALLOWED),
        MemoryPolicy.interleave(ALLOWED),
        MemoryPolicy.weightedInterleave(ALLOWED),
        MemoryPolicy.bind(ALLOWED).with(MemoryPolicy.Flag.STATIC_NODES),
        MemoryPolicy.interleave(NodeSet.of(0)).with(MemoryPolicy.Flag.RELATIVE_NODES),
        MemoryPolicy.bind(ALLOWED).with(MemoryPolicy.Flag.NUMA_BALANCING),
        MemoryPolicy.bind(ALLOWED)
            .with(MemoryPolicy.Flag.NUMA_BALANCING)
            .with(MemoryPolicy.Flag.STATIC_NODES));
  }

  private static boolean isSupported(MemoryPolicy policy) {
    return Numa.probe().mode(policy.mode()).isAvailable();
  }

  @Test
  void everyModeAppliesToAThreadAndReadsBackWithItsFlags() {
    for (MemoryPolicy policy : everyMode().stream().filter(p -> isSupported(p)).toList()) {
      try (PolicyScope _ = policy.apply()) {
        assertThat(MemoryPolicy.current()).isEqualTo(policy);
      }
      assertThat(MemoryPolicy.current()).isEqualTo(MemoryPolicy.standard());
    }
  }

  @Test
  void everyModeAppliesToARangeAndTheKernelShowsIt() throws IOException {
    for (MemoryPolicy policy : everyMode().stream().filter(p -> isSupported(p)).toList()) {
      try (NumaArena arena = NumaArena.of(MemoryPolicy.standard())) {
        MemorySegment range = arena.allocate(5 * Numa.pageSizeBytes());
        policy.applyTo(range);
        range.fill((byte) 1);
        assertThat(MemoryPolicy.at(range, 0)).isEqualTo(policy);
        assertThat(MemoryPolicy.at(range, range.byteSize() - 1)).isEqualTo(policy);
        assertThat(NumaMaps.policyAt(range.address())).startsWith(kernelName(policy));
      }
    }
  }

  private static String kernelName(MemoryPolicy policy) {
    return switch (policy.mode()) {
      case DEFAULT, UNKNOWN -> "default";
      case PREFERRED -> "prefer";
      case BIND -> "bind";
      case INTERLEAVE -> "interleave";
      case LOCAL -> "local";
      case PREFERRED_MANY -> "prefer (many)";
      case WEIGHTED_INTERLEAVE -> "weighted interleave";
    };
  }

  @Test
  void scopesRestoreModeAndFlagsOfTheOuterOne() {
    MemoryPolicy outer = MemoryPolicy.bind(ALLOWED).with(MemoryPolicy.Flag.STATIC_NODES);
    try (PolicyScope _ = outer.apply()) {
      try (PolicyScope _ = MemoryPolicy.interleave(ALLOWED).apply()) {
        assertThat(MemoryPolicy.current().mode()).isEqualTo(MemoryPolicy.Mode.INTERLEAVE);
      }
      assertThat(MemoryPolicy.current()).isEqualTo(outer);
      assertThat(MemoryPolicy.current().flags()).containsExactly(MemoryPolicy.Flag.STATIC_NODES);
    }
  }

  @Test
  void scopesClosedInAnyOrderEndWhereTheyBegan() {
    PolicyScope outer = MemoryPolicy.bind(ALLOWED).apply();
    PolicyScope inner = MemoryPolicy.interleave(ALLOWED).apply();
    outer.close();
    assertThat(MemoryPolicy.current()).isEqualTo(MemoryPolicy.interleave(ALLOWED));
    inner.close();
    inner.close();
  }

  @Test
  void aScopeIsClosedByItsOwnThreadAlone() throws Exception {
    try (PolicyScope scope = MemoryPolicy.local().apply()) {
      AffinityTest.onThread(
          Thread.ofPlatform(),
          () -> assertThatIllegalStateException().isThrownBy(scope::close).actual());
    }
  }

  @Test
  void aPolicyIsItsThreadsAlone() throws Exception {
    Thread already = Thread.currentThread();
    MemoryPolicy seen =
        AffinityTest.onThread(
            Thread.ofPlatform(),
            () -> {
              MemoryPolicy.interleave(ALLOWED).set();
              return MemoryPolicy.current();
            });
    assertThat(seen.mode()).isEqualTo(MemoryPolicy.Mode.INTERLEAVE);
    assertThat(MemoryPolicy.current().mode())
        .as(already.getName())
        .isEqualTo(MemoryPolicy.Mode.DEFAULT);
  }

  @Test
  void virtualThreadsAreRefused() throws Exception {
    AffinityTest.onThread(
        Thread.ofVirtual(),
        () -> {
          assertThatIllegalStateException().isThrownBy(() -> MemoryPolicy.local().apply());
          assertThatIllegalStateException().isThrownBy(() -> MemoryPolicy.local().set());
          assertThatIllegalStateException().isThrownBy(MemoryPolicy::current);
          assertThatIllegalStateException().isThrownBy(MemoryPolicy::allowedNodes);
          assertThatIllegalStateException().isThrownBy(MemoryPolicy::nextInterleaveNode);
          assertThatIllegalStateException().isThrownBy(() -> Numa.bind(ALLOWED));
          return 0;
        });
  }

  @Test
  void nodesThatAreNotThereAreRefusedAlsoBesideOnesThatAre() {
    // The kernel would drop the absent node and report success.
    NodeSet mixed = ALLOWED.union(NodeSet.of(ABSENT));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MemoryPolicy.bind(mixed).apply())
        .withMessageContaining("nodes " + ABSENT)
        .withMessageContaining("allowed: " + ALLOWED);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MemoryPolicy.bind(NodeSet.of(ABSENT)).set());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MemoryPolicy.interleave(NodeSet.of(1 << 19)).apply());
    assertThatIllegalArgumentException().isThrownBy(() -> MemoryPolicy.preferred(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> MemoryPolicy.bind(NodeSet.empty()));
  }

  @Test
  void relativeNodesOfAnyWidthAreTheKernelsToJudge() {
    MemoryPolicy wide =
        MemoryPolicy.bind(NodeSet.of(1 << 19)).with(MemoryPolicy.Flag.RELATIVE_NODES);
    assertThatThrownBy(wide::apply)
        .isInstanceOfSatisfying(NumaException.class, e -> assertThat(e.errno()).isEqualTo(22));
  }

  @Test
  void combinationsTheKernelDoesNotHaveAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MemoryPolicy.local().with(MemoryPolicy.Flag.STATIC_NODES));
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            MemoryPolicy.bind(ALLOWED)
                .with(MemoryPolicy.Flag.STATIC_NODES)
                .with(MemoryPolicy.Flag.RELATIVE_NODES));
    assertThatThrownBy(
            MemoryPolicy.interleave(ALLOWED).with(MemoryPolicy.Flag.NUMA_BALANCING)::apply)
        .isInstanceOf(NumaException.class)
        .hasMessageContaining("EINVAL");
  }

  @Test
  void rangesThatCannotHaveAPolicyAreRefused() {
    MemoryPolicy bind = MemoryPolicy.bind(ALLOWED);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> bind.applyTo(MemorySegment.ofArray(new long[512])))
        .withMessageContaining("heap");
    try (NumaArena arena = NumaArena.local()) {
      MemorySegment range = arena.allocate(3 * Numa.pageSizeBytes());
      assertThatIllegalArgumentException()
          .isThrownBy(() -> bind.applyTo(range.asSlice(8)))
          .withMessageContaining("page");
      bind.applyTo(range.asSlice(0, 0));
      bind.applyTo(range.asSlice(0, 1));
      assertThat(MemoryPolicy.at(range, Numa.pageSizeBytes() - 1)).isEqualTo(bind);
      assertThat(MemoryPolicy.at(range, Numa.pageSizeBytes()).mode())
          .isEqualTo(MemoryPolicy.Mode.LOCAL);
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> MemoryPolicy.at(range, range.byteSize()));
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> MemoryPolicy.at(range, -1));
    }
  }

  @Test
  void closedAndUnmappedAndConfinedMemoryIsRefused() throws Exception {
    NumaArena arena = NumaArena.local();
    MemorySegment range = arena.allocate(Numa.pageSizeBytes());
    arena.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> MemoryPolicy.local().applyTo(range))
        .withMessageContaining("closed");
    assertThatIllegalStateException().isThrownBy(() -> MemoryPolicy.at(range, 0));
    MemorySegment unmapped = MemorySegment.ofAddress(1L << 45).reinterpret(Numa.pageSizeBytes());
    assertThatThrownBy(() -> MemoryPolicy.bind(ALLOWED).applyTo(unmapped))
        .isInstanceOf(NumaException.class)
        .hasMessageContaining("EFAULT")
        .hasMessageContaining("not mapped");
    assertThatThrownBy(() -> MemoryPolicy.at(unmapped, 0)).isInstanceOf(NumaException.class);
    try (Arena confined = Arena.ofConfined()) {
      MemorySegment own = confined.allocate(8);
      AffinityTest.onThread(
          Thread.ofPlatform(),
          () ->
              assertThatExceptionOfType(WrongThreadException.class)
                  .isThrownBy(() -> MemoryPolicy.at(own, 0))
                  .actual());
    }
  }

  @Test
  void rangeOptionsReachTheKernel() {
    try (NumaArena arena = NumaArena.local(NumaArena.Option.PREFAULT)) {
      MemorySegment range = arena.allocate(4 * Numa.pageSizeBytes());
      range.fill((byte) 7);
      MemoryPolicy.bind(NodeSet.of(NODE)).applyTo(range, RangeOption.MOVE, RangeOption.STRICT);
      Pages.requireOn(range, NodeSet.of(NODE));
      MemoryPolicy.bind(ALLOWED).applyTo(range, RangeOption.MOVE_ALL);
      assertThat(range.get(ValueLayout.JAVA_BYTE, 9)).isEqualTo((byte) 7);
    }
  }

  @Test
  void theNextInterleaveNodeIsKnownOnlyWhileInterleaving() {
    assertThat(MemoryPolicy.nextInterleaveNode()).isEmpty();
    try (PolicyScope _ = MemoryPolicy.interleave(ALLOWED).apply()) {
      assertThat(ALLOWED.contains(MemoryPolicy.nextInterleaveNode().orElseThrow())).isTrue();
    }
  }

  @Test
  void theHomeNodeIsForRangesWithAPolicyThatHasOne() {
    assertThat(Numa.probe().homeNode().isAvailable()).isTrue();
    try (NumaArena arena = NumaArena.of(MemoryPolicy.standard())) {
      MemorySegment range = arena.allocate(Numa.pageSizeBytes());
      assertErrno(2, () -> MemoryPolicy.setHomeNode(range, NODE));
      MemoryPolicy.interleave(ALLOWED).applyTo(range);
      assertErrno(95, () -> MemoryPolicy.setHomeNode(range, NODE));
      MemoryPolicy.bind(ALLOWED).applyTo(range);
      MemoryPolicy.setHomeNode(range, NODE);
      assertErrno(22, () -> MemoryPolicy.setHomeNode(range, ABSENT));
      assertThatIllegalArgumentException().isThrownBy(() -> MemoryPolicy.setHomeNode(range, -1));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> MemoryPolicy.setHomeNode(range.asSlice(1), NODE));
    }
  }

  private static void assertErrno(int errno, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(NumaException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }

  @Test
  void allowedNodesAreThoseTheKernelShows() throws IOException {
    String shown =
        Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
            .filter(line -> line.startsWith("Mems_allowed_list:"))
            .findFirst()
            .orElseThrow();
    assertThat(ALLOWED).isEqualTo(NodeSet.parse(shown.substring(shown.indexOf(':') + 1)));
  }

  @Test
  void policiesAreValues() {
    assertThat(MemoryPolicy.bind(ALLOWED)).isEqualTo(MemoryPolicy.bind(ALLOWED));
    assertThat(MemoryPolicy.bind(NodeSet.of(0, 1)).with(MemoryPolicy.Flag.STATIC_NODES))
        .hasToString("BIND|STATIC_NODES{0-1}")
        .isNotEqualTo(MemoryPolicy.bind(NodeSet.of(0, 1)))
        .hasSameHashCodeAs(
            MemoryPolicy.bind(NodeSet.of(0, 1)).with(MemoryPolicy.Flag.STATIC_NODES));
  }

  @Test
  void loadingTheLibraryLeavesThePolicyAlone() throws Exception {
    // A probe leaves nothing behind in the calling thread.
    try (PolicyScope _ = MemoryPolicy.interleave(ALLOWED).apply()) {
      Numa.probe();
      assertThat(MemoryPolicy.current()).isEqualTo(MemoryPolicy.interleave(ALLOWED));
    }
  }
}
