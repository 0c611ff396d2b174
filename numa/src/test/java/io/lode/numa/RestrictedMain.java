package io.lode.numa;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;

/** Runs in its own process: forbids itself some calls, then prints what still works. */
final class RestrictedMain {
  private RestrictedMain() {}

  public static void main(String[] arguments) throws Exception {
    String first = arguments[0];
    int value = first.startsWith("deny=") ? Integer.parseInt(first.substring(5)) : 0;
    if (first.startsWith("libnuma=")) {
      System.setProperty("io.lode.numa.libnuma", first.substring(8));
    }
    if (value > 0) {
      SeccompFilter.install(value, Arrays.asList(arguments).subList(1, arguments.length));
    }
    printCapabilities();
    NodeSet nodes = Topology.snapshot().nodesWithMemory();
    attempt("apply", () -> apply(nodes));
    attempt("arena", () -> allocate(nodes));
    attempt("locate", () -> Pages.locate(Arena.ofAuto().allocate(8192)).pageCount());
  }

  private static void printCapabilities() throws Exception {
    Numa numa = Numa.probe();
    System.out.println("topology " + numa.topology().isAvailable());
    System.out.println("policyRead " + numa.policyRead().isAvailable());
    System.out.println("policyWrite " + numa.policyWrite().isAvailable());
    System.out.println("movePages " + numa.movePages().isAvailable());
    System.out.println("migratePages " + numa.migratePages().isAvailable());
    System.out.println("homeNode " + numa.homeNode().isAvailable());
    System.out.println("libnuma " + numa.libnuma().isAvailable());
    int node = Topology.snapshot().nodesWithCpus().first().orElseThrow();
    Placement placement = Placement.cpuNodes(Placement.Device.of(node, -1));
    System.out.println("placement " + !placement.isEmpty());
    try (Affinity.Scope scope = Affinity.pin(placement.cpus())) {
      System.out.println("pin " + scope.cpus().equals(Affinity.current()));
    }
    try (ExecutorService executor = NodeThreads.onNode(node).newExecutor(1)) {
      System.out.println(
          "threads " + placement.cpus().equals(executor.submit(Affinity::current).get()));
    }
  }

  private static int apply(NodeSet nodes) {
    try (PolicyScope _ = MemoryPolicy.bind(nodes).apply()) {
      return 0;
    }
  }

  private static int allocate(NodeSet nodes) {
    try (NumaArena arena = NumaArena.interleaved(nodes, NumaArena.Option.VERIFY)) {
      return (int) arena.allocate(8192).byteSize();
    }
  }

  private static void attempt(String name, Callable<Integer> call) {
    try {
      call.call();
      System.out.println(name + " ok");
    } catch (Exception e) {
      System.out.println(name + " " + e.getClass().getSimpleName() + " " + e.getMessage());
    }
  }
}
