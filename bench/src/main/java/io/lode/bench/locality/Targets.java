package io.lode.bench.locality;

import io.lode.bench.run.BenchException;
import io.lode.bench.run.MediumFolder;
import io.lode.bench.run.RandomCycle;
import io.lode.numa.NumaException;
import io.lode.pmem.PmemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** All sources of a run, open: memory of each node, then those that were named. */
final class Targets implements AutoCloseable {
  private final List<Target> all = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  /**
   * Opens them. What is named is refused before memory is taken, and nothing stays open then.
   *
   * @throws BenchException for a source that cannot be had, or must not
   */
  static Targets open(Machine machine, LocalityRun.Request request) throws IOException {
    var targets = new Targets();
    try {
      for (String source : request.sources()) {
        targets.all.add(targets.named(machine, source, request));
      }
      int at = 0;
      for (Machine.Node node : machine.nodesWithMemory()) {
        targets.all.add(at++, dram(machine, node.id(), request.effort().areaBytes()));
      }
      return targets;
    } catch (Throwable failure) {
      targets.close();
      throw failure;
    }
  }

  private static Target dram(Machine machine, int node, long areaBytes) {
    try {
      return DramTarget.open(machine, node, areaBytes);
    } catch (NumaException refused) {
      throw new BenchException(
          BenchException.SYSTEM, "memory of node " + node + ": " + refused.getMessage());
    }
  }

  private Target named(Machine machine, String source, LocalityRun.Request request)
      throws IOException {
    long area = request.effort().areaBytes();
    try {
      if (source.equals(MediumFolder.EMULATED) || Files.isDirectory(Path.of(source))) {
        return FileTarget.inFolder(machine, source, area, this::unique);
      }
      if (!Files.exists(Path.of(source))) {
        throw new BenchException(
            BenchException.NOT_FOUND, source + " is not there: name a folder, file or device");
      }
      return FileTarget.existing(machine, Path.of(source), area, request.force(), this::unique);
    } catch (InvalidPathException notAPath) {
      throw new BenchException(BenchException.USAGE, source + ": not a path");
    } catch (PmemException refused) {
      throw new BenchException(BenchException.SYSTEM, source + ": " + refused.getMessage());
    }
  }

  /** Names must tell sources apart. */
  private String unique(String wanted) {
    String name = wanted;
    for (int number = 2; !names.add(name); number++) {
      name = wanted + "#" + number;
    }
    return name;
  }

  List<Target> all() {
    return List.copyOf(all);
  }

  List<TargetFacts> facts() {
    return all.stream().map(Target::facts).toList();
  }

  /** Links the memory that is read, of each source. */
  void link(long seed) {
    all.forEach(target -> RandomCycle.link(target.readArea(), seed));
  }

  @Override
  public void close() {
    RuntimeException first = null;
    for (Target target : all.reversed()) {
      try {
        target.close();
      } catch (RuntimeException failure) {
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    all.clear();
    if (first != null) {
      throw first;
    }
  }
}
