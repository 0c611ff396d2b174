package io.lode.cli.info;

import io.lode.cli.console.ByteSize;
import io.lode.cli.console.Console;
import io.lode.cli.console.ExitCode;
import io.lode.cli.console.Facts;
import io.lode.cli.console.Failure;
import io.lode.cli.console.Json;
import io.lode.pmem.DeviceLocation;
import io.lode.pmem.GranularityReport;
import io.lode.pmem.Namespace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lode info}. */
@Command(
    name = "info",
    description = {
      "Describe paths as persistent memory.",
      "",
      "Prints kind, size, alignment, node, region and persistence domain, the",
      "namespace's uuid and name and the id of the pool in it, the memory devices'",
      "id and count of unsafe shutdowns, the granularity that a map would have and",
      "why not a finer one, what durable means there, and the CPUs near it.",
      "Nothing is written or created.",
      "",
      "Keep the uuid of a namespace or the id of a pool, never dax0.1 or pmem0.1:",
      "the kernel numbers devices anew when it finds them."
    },
    footer = {
      "",
      "The JSON is a list, with ndctl's names where ndctl has one.",
      "",
      "Example:",
      "  lode info /dev/dax0.0 /mnt/pmem/file --json"
    })
public final class InfoCommand implements Callable<Integer> {
  private final Console console;

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files or dax devices.")
  List<Path> paths = new ArrayList<>();

  /**
   * Creates the command.
   *
   * @param console the console for its output
   */
  public InfoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<InfoEntry> entries = new ArrayList<>();
    var code = ExitCode.FINE;
    for (Path path : paths) {
      try {
        SourceInfo info = SourceInfo.of(path);
        entries.add(InfoEntry.of(info));
        if (!json) {
          print(info);
        }
      } catch (RuntimeException thrown) {
        Failure failure = Failure.of(thrown);
        entries.add(InfoEntry.failed(path, failure));
        console.error(failure.message());
        code = code == ExitCode.FINE ? failure.code() : code;
      }
    }
    if (json) {
      console.line(new Json().block(entries));
    }
    return code.number();
  }

  private void print(SourceInfo info) {
    DeviceLocation location = info.location();
    var facts =
        new Facts()
            .add("kind", InfoEntry.name(info.kind()).replace('-', ' '))
            .add("size", ByteSize.formatExact(info.sizeBytes()))
            .add("alignment", ByteSize.format(info.alignmentBytes()));
    location.device().ifPresent(device -> facts.add("device", device));
    location
        .region()
        .ifPresent(region ->
            facts
                .add("region", region + location.provider().map(p -> ", " + p).orElse(""))
                .add("persistence domain", location.persistenceDomain().ndctlName()));
    info.namespaces().forEach(namespace -> facts.add("namespace", describe(namespace)));
    if (info.pool() != null) {
      facts.add("pool", info.pool());
    }
    facts.add("node", node(location.numaNode()));
    facts.add("target node", node(location.targetNode()));
    facts.add("device id", info.deviceId()).add("unsafe shutdowns", info.unsafeShutdowns());
    GranularityReport granularity = info.granularity();
    if (granularity == null) {
      facts.add("granularity", "none: it cannot be mapped");
    } else {
      facts
          .add(
              "granularity",
              InfoEntry.name(granularity.granularity())
                  + (granularity.emulated() ? " (emulated): " : ": ")
                  + granularity.reason())
          .add("durable means", granularity.durability());
    }
    String cpus = info.placement().isEmpty() ? "none" : info.placement().cpus().toString();
    facts.add("near CPUs", cpus + ": " + info.placement().reason());
    info.notes().forEach(note -> facts.add("note", note));
    facts.print(console, info.path().toString());
  }

  private static String describe(Namespace namespace) {
    return namespace.uuid()
        + ", "
        + namespace.device()
        + namespace.name().map(name -> ", named " + name).orElse("");
  }

  private static String node(OptionalInt node) {
    return node.isPresent() ? Integer.toString(node.getAsInt()) : "not known";
  }
}
