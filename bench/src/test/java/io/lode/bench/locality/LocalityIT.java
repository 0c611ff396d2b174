package io.lode.bench.locality;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.bench.Main;
import io.lode.bench.run.BenchException;
import io.lode.bench.run.Findings;
import io.lode.pmem.CopyFlags;
import io.lode.pmem.Granularity;
import io.lode.pmem.MapConfig;
import io.lode.pmem.PmemMap;
import io.lode.pmem.Source;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The whole benchmark on machines with several nodes, an fsdax file system and a device. */
class LocalityIT {
  private static final String FSDAX = String.valueOf(System.getenv("LODE_FSDAX"));
  private static final String DEVDAX = String.valueOf(System.getenv("LODE_DEVDAX"));

  @TempDir Path folder;

  private record Run(int code, String out, String err) {}

  private static Run run(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    CommandLine main = Main.commandLine();
    int code =
        main.setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments);
    return new Run(code, out.toString(), err.toString());
  }

  /** As little of everything as shows that it works: an emulated machine takes its time. */
  private static Run least(String... arguments) {
    List<String> all = new ArrayList<>(List.of("locality", "--quick", "--rounds", "1"));
    all.addAll(List.of("--millis", "1", "--area", "2", "--size", "256", "--threads", "1"));
    all.addAll(Arrays.asList(arguments));
    return run(all.toArray(String[]::new));
  }

  private LocalityReport measured() throws IOException {
    Path json = folder.resolve("locality.json");
    Path html = folder.resolve("locality.html");
    Run run = least(FSDAX, DEVDAX, "--force", "--json", json.toString(), "--html", html.toString());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out().lines()).allMatch(line -> line.length() <= 80);
    Findings findings = LocalityReportCheck.check(Files.readString(json));
    Findings ofPage = LocalityReportCheck.checkPage(Files.readString(html));
    assertThat(ofPage.lines()).isNotEmpty().allMatch(line -> line.startsWith("passed"));
    assertThat(findings.lines()).allMatch(line -> line.startsWith("passed"));
    return LocalityReport.read(json);
  }

  @Test
  void everySourceIsMeasuredFromEveryNodeWithEveryMeasure() throws IOException {
    LocalityReport report = measured();
    assertThat(report.cpuNodes()).containsExactly(0, 1);
    assertThat(report.sources())
        .extracting(TargetFacts::kind)
        .containsExactly(
            TargetFacts.Kind.DRAM,
            TargetFacts.Kind.DRAM,
            TargetFacts.Kind.FSDAX,
            TargetFacts.Kind.DEVDAX);
    assertThat(report.cells()).hasSize(2 * 4 * Measure.values().length);
    // What has no sync cannot be synced; nothing else is empty.
    assertThat(report.cells().stream().filter(cell -> cell.headline() == null))
        .allSatisfy(cell -> {
          assertThat(cell.measure()).isEqualTo(Measure.PERSIST_MSYNC);
          assertThat(report.source(cell.source()).kind())
              .isIn(TargetFacts.Kind.DRAM, TargetFacts.Kind.DEVDAX);
        })
        .hasSize(2 * 3);
    assertThat(report.sources())
        .extracting(source -> source.nodesByDistance().getFirst())
        .containsExactly(0, 1, 0, 1);
    assertThat(report.sources().getLast().placedBy()).contains("numa_node 1");
    assertThat(report.title()).contains("EMULATED machine");
    assertThat(comparedCells(report)).allMatch(cell -> cell.fsdaxToDevdax() != null);
    assertThat(report.cells().stream().filter(cell -> cell.headline() != null))
        .allMatch(cell ->
            (cell.farToNear() == null) == (report.source(cell.source()).rank(cell.cpuNode()) == 0));
    try (Stream<Path> files = Files.list(Path.of(FSDAX))) {
      assertThat(files.filter(file -> file.toString().contains("lode-bench"))).isEmpty();
    }
  }

  private static List<Cell> comparedCells(LocalityReport report) {
    return report.cells().stream()
        .filter(cell -> report.source(cell.source()).kind() == TargetFacts.Kind.FSDAX)
        .filter(cell -> cell.measure() != Measure.PERSIST_MSYNC)
        .toList();
  }

  @Test
  @Tag("topology-cpuless")
  void memoryWithoutCpusIsMeasuredFromTheNodesThatHaveSome() throws IOException {
    LocalityReport report = measured();
    assertThat(report.cpuNodes()).containsExactly(0, 1);
    assertThat(report.sources()).hasSize(3 + 2);
    assertThat(report.cells()).hasSize(2 * 5 * Measure.values().length);
    TargetFacts device = report.sources().getLast();
    assertThat(device.memoryNode()).isEqualTo(2);
    assertThat(device.targetNode()).isEqualTo(3);
    assertThat(device.nodesByDistance()).containsExactly(1, 0);
    assertThat(report.source("dram:2").placedBy()).contains("are on node 2");
    assertThat(report.source("dram:2").nearNodes()).containsExactly(1);
  }

  @Test
  void deviceInUseIsRefused() {
    try (Source device = Source.of(Path.of(DEVDAX))) {
      assertThat(device.tryLock()).isTrue();
      Run run = least(DEVDAX, "--measure", "map");
      assertThat(run.code()).isEqualTo(BenchException.LOCKED);
      assertThat(run.err()).contains("is in use by another process: nothing was written");
    }
  }

  @Test
  void deviceThatAnotherProcessHasOpenIsRefused() throws Exception {
    Process reader =
        new ProcessBuilder("sleep", "600").redirectInput(Path.of(DEVDAX).toFile()).start();
    try {
      Run run = least(DEVDAX, "--measure", "map");
      assertThat(run.code()).isEqualTo(BenchException.LOCKED);
      assertThat(run.err()).contains("process " + reader.pid());
    } finally {
      reader.destroyForcibly().waitFor();
    }
  }

  @Test
  void foreignDataIsNotTouchedWithoutForce() {
    var mark = (byte) 0x77;
    store(mark);
    try {
      Run run = least(DEVDAX, "--measure", "map");
      assertThat(run.code()).isEqualTo(BenchException.FOREIGN);
      assertThat(run.err()).contains("holds data", "nothing was written; --force overwrites it");
      assertThat(stored()).isEqualTo(mark);
      assertThat(least(DEVDAX, "--measure", "map", "--force").code()).isZero();
      assertThat(stored()).isZero();
    } finally {
      store((byte) 0);
    }
  }

  private static void store(byte value) {
    try (Source source = Source.of(Path.of(DEVDAX));
        PmemMap map = MapConfig.of(Granularity.PAGE).map(source)) {
      map.fill(4096, 64, value, CopyFlags.NONE);
    }
  }

  private static byte stored() {
    try (Source source = Source.of(Path.of(DEVDAX));
        PmemMap map = MapConfig.of(Granularity.PAGE).map(source)) {
      return map.segment().get(java.lang.foreign.ValueLayout.JAVA_BYTE, 4096);
    }
  }
}
