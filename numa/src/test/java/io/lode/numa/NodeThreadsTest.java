package io.lode.numa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NodeThreadsTest {
  private static final int NODE = Topology.snapshot().nodesWithCpus().first().orElseThrow();
  private static final CpuSet ONE = CpuSet.of(Affinity.current().last().orElseThrow());

  @Test
  void tasksOfAnExecutorRunOnTheirCpusUnderTheirPolicy() throws Exception {
    MemoryPolicy policy = MemoryPolicy.bind(MemoryPolicy.allowedNodes());
    CpuSet before = Affinity.current();
    try (ExecutorService executor =
        NodeThreads.onCpus(ONE, "pinned-").withMemoryPolicy(policy).newExecutor(2)) {
      List<Future<List<Object>>> seen = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        seen.add(
            executor.submit(() ->
                List.of(
                    Affinity.current(),
                    CpuSet.of(Affinity.currentCpu()),
                    MemoryPolicy.current(),
                    Thread.currentThread().getName().substring(0, 7))));
      }
      for (Future<List<Object>> task : seen) {
        assertThat(task.get()).containsExactly(ONE, ONE, policy, "pinned-");
      }
    }
    assertThat(Affinity.current()).isEqualTo(before);
    assertThat(MemoryPolicy.current()).isEqualTo(MemoryPolicy.standard());
  }

  @Test
  void aNodesThreadsRunOnItsCpus() throws Exception {
    NodeThreads threads = NodeThreads.onNode(NODE);
    AtomicReference<CpuSet> seen = new AtomicReference<>();
    Thread thread = threads.newThread(() -> seen.set(Affinity.current()));
    assertThat(thread.getName()).isEqualTo("node-" + NODE + "-0");
    assertThat(thread.isDaemon()).isTrue();
    thread.start();
    thread.join();
    assertThat(seen.get()).isEqualTo(threads.cpus());
  }

  @Test
  void aThreadStartedByAVirtualThreadIsPinnedAndTheCarrierIsNot() throws Exception {
    List<CpuSet> masks =
        AffinityTest.onThread(
            Thread.ofVirtual(),
            () -> {
              try (ExecutorService executor = NodeThreads.onCpus(ONE, "v-").newExecutor(1)) {
                CpuSet pinned = executor.submit(Affinity::current).get();
                return List.of(pinned, Affinity.of(Affinity.currentTid()));
              }
            });
    assertThat(masks.getFirst()).isEqualTo(ONE);
    assertThat(masks.getLast()).isEqualTo(Affinity.ofProcess());
  }

  @Test
  void aRefusalReachesWhoeverStartsTheThread() throws Exception {
    int absent = Topology.snapshot().possibleCpus().last().orElseThrow() + 1;
    NodeThreads threads = NodeThreads.onCpus(CpuSet.of(absent), "absent-");
    AtomicReference<String> ran = new AtomicReference<>("no");
    assertThatThrownBy(() -> threads.newThread(() -> ran.set("yes")))
        .isInstanceOf(NumaException.class);
    try (ExecutorService executor = threads.newExecutor(1)) {
      assertThatThrownBy(() -> executor.submit(() -> ran.set("yes")))
          .isInstanceOf(NumaException.class);
      assertThatThrownBy(() ->
              AffinityTest.onThread(
                  Thread.ofVirtual(), () -> executor.submit(() -> ran.set("yes"))))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(NumaException.class);
    }
    assertThat(ran.get()).isEqualTo("no");
  }

  @Test
  void aPlaceLostBeforeTheStartFailsTasksAndRunsNone() throws Exception {
    Runnable lost =
        () -> {
          throw new NumaException("the CPUs went offline", 22);
        };
    List<String> ran = new CopyOnWriteArrayList<>();
    Thread single = new PlacedThread(lost, () -> ran.add("task"), "single");
    single.setUncaughtExceptionHandler((_, failure) -> ran.add("failed: " + failure.getMessage()));
    single.start();
    single.join();
    Runnable loop =
        () -> assertThatThrownBy(PlacedThread::requirePlaced).hasMessage("the CPUs went offline");
    Thread worker =
        new PlacedThread(
            lost,
            new PlacedExecutor.WorkLoop(() -> {
              loop.run();
              ran.add("answered");
            }),
            "worker");
    worker.start();
    worker.join();
    assertThat(ran).containsExactly("failed: the CPUs went offline", "answered");
  }

  @Test
  void everyWayToSubmitRunsTheTask() throws Exception {
    AtomicInteger ran = new AtomicInteger();
    try (ExecutorService executor = NodeThreads.onNode(NODE).newExecutor(1)) {
      executor.execute(ran::incrementAndGet);
      assertThat(executor.submit(ran::incrementAndGet).get()).isEqualTo(2);
      assertThat(
              executor
                  .submit(
                      () -> {
                        ran.incrementAndGet();
                      },
                      "value")
                  .get())
          .isEqualTo("value");
      assertThat(executor.invokeAll(List.of(ran::incrementAndGet)).getFirst().get()).isEqualTo(4);
    }
  }

  @Test
  void nodesAndCpusThatCannotBeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NodeThreads.onNode(999))
        .withMessageContaining("nodes with CPUs: ");
    assertThatIllegalArgumentException().isThrownBy(() -> NodeThreads.onNode(-1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NodeThreads.onCpus(CpuSet.empty(), "none-"));
    assertThatIllegalArgumentException().isThrownBy(() -> NodeThreads.onNode(NODE).newExecutor(0));
  }

  @Test
  void afterMixedWorkOnlyPinnedThreadsArePinned() throws Exception {
    CpuSet process = Affinity.ofProcess();
    try (ExecutorService pinned = NodeThreads.onCpus(ONE, "writer-").newExecutor(2);
        ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> work = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        work.add(pinned.submit(() -> Affinity.currentCpu()));
        work.add(virtual.submit(() -> Affinity.currentCpu()));
        work.add(ForkJoinPool.commonPool().submit(() -> Affinity.currentCpu()));
        try (Affinity.Scope _ = Affinity.pin(ONE)) {
          assertThat(Affinity.current()).isEqualTo(ONE);
        }
      }
      for (Future<?> task : work) {
        task.get();
      }
      assertThat(namesOfThreadsNotOn(process))
          .allMatch(name -> name.startsWith("writer-"))
          .hasSize(ONE.equals(process) ? 0 : 2);
    }
  }

  private static List<String> namesOfThreadsNotOn(CpuSet cpus) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path task : tasks) {
        String status = statusOf(task);
        if (!status.isEmpty() && !CpuSet.parse(field(status, "Cpus_allowed_list")).equals(cpus)) {
          names.add(field(status, "Name"));
        }
      }
    }
    return names;
  }

  private static String statusOf(Path task) {
    try {
      return Files.readString(task.resolve("status"));
    } catch (IOException _) {
      return "";
    }
  }

  private static String field(String status, String name) {
    try (Stream<String> lines = status.lines()) {
      return lines
          .filter(line -> line.startsWith(name + ":"))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst()
          .orElseThrow();
    }
  }
}
