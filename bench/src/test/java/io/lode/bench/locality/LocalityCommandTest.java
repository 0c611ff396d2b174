package io.lode.bench.locality;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.bench.Main;
import io.lode.bench.run.BenchException;
import io.lode.bench.run.Findings;
import io.lode.bench.run.Json;
import io.lode.bench.run.TerminatedRun;
import io.lode.pmem.Source;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalityCommandTest {
  private static final long FILE_BYTES = 8 << 20;

  @TempDir Path folder;

  private record Run(int code, String out, String err) {}

  private static Run run(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        Main.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments);
    return new Run(code, out.toString(), err.toString());
  }

  private static List<String> least(String... arguments) {
    List<String> all = new ArrayList<>(List.of("locality", "--quick", "--rounds", "1"));
    all.addAll(List.of("--millis", "1", "--area", "2", "--size", "64,4096"));
    all.addAll(Arrays.asList(arguments));
    return all;
  }

  private static Run runLeast(String... arguments) {
    return run(least(arguments).toArray(String[]::new));
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private Path blankFile() throws IOException {
    Path blank = file("blank");
    try (var content = new RandomAccessFile(blank.toFile(), "rw")) {
      content.setLength(FILE_BYTES);
    }
    return blank;
  }

  @Test
  void memoryAndFilesAreMeasuredWithEveryMeasureAndLeftAsTheyWere() throws IOException {
    Path blank = blankFile();
    Path json = file("a.json");
    Path html = file("a.html");
    Path csv = file("a.csv");
    Run run =
        runLeast(
            "emulated",
            folder.toString(),
            blank.toString(),
            "--json=" + json,
            "--html=" + html,
            "--csv=" + csv,
            "--details");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out().lines()).allMatch(line -> line.length() <= 80);
    Findings findings = LocalityReportCheck.check(Files.readString(json));
    Findings ofPage = LocalityReportCheck.checkPage(Files.readString(html));
    assertThat(ofPage.lines()).isNotEmpty().allMatch(line -> line.startsWith("passed"));
    assertThat(findings.lines()).isNotEmpty().allMatch(line -> line.startsWith("passed"));
    LocalityReport report = LocalityReport.read(json);
    assertThat(Json.block(report)).isEqualTo(Files.readString(json));
    assertThat(report.sources()).extracting(TargetFacts::name).doesNotHaveDuplicates();
    assertThat(Files.size(blank)).isEqualTo(FILE_BYTES);
    assertThat(Files.readAllBytes(blank)).containsOnly(0);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(blank, json, html, csv);
    }
    long columns = Files.readAllLines(csv).getFirst().chars().filter(c -> c == ',').count();
    assertThat(columns).isEqualTo(19);
    Run compared = run("compare", json.toString(), json.toString());
    assertThat(compared.code()).isZero();
    assertThat(compared.out()).contains("0 better, 0 worse").contains("EMULATED");
    assertThat(compared.out().lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void fileWithDataIsRefusedUnlessForced() throws IOException {
    Path foreign = blankFile();
    try (var content = new RandomAccessFile(foreign.toFile(), "rw")) {
      // Behind what would be written.
      content.seek(FILE_BYTES - 1);
      content.write(1);
    }
    Run refused = runLeast(foreign.toString(), "--measure", "map");
    assertThat(refused.code()).isEqualTo(BenchException.FOREIGN);
    assertThat(refused.err()).contains("nothing was written; --force overwrites it");
    assertThat(Files.readAllBytes(foreign)[(int) FILE_BYTES - 1]).isEqualTo((byte) 1);
    assertThat(runLeast(foreign.toString(), "--measure", "map", "--force").code()).isZero();
  }

  @Test
  void fileInUseIsRefused() throws IOException {
    Path used = blankFile();
    try (Source lock = Source.of(used)) {
      assertThat(lock.tryLock()).isTrue();
      Run refused = runLeast(used.toString(), "--measure", "map");
      assertThat(refused.code()).isEqualTo(BenchException.LOCKED);
      assertThat(refused.err()).contains("is in use by another process: nothing was written");
    }
  }

  @Test
  void fileThatAnotherProcessHasOpenIsRefused() throws Exception {
    Path used = blankFile();
    Process reader = new ProcessBuilder("sleep", "600").redirectInput(used.toFile()).start();
    try {
      Run refused = runLeast(used.toString(), "--measure", "map");
      assertThat(refused.code()).isEqualTo(BenchException.LOCKED);
      assertThat(refused.err()).contains("process " + reader.pid());
    } finally {
      reader.destroyForcibly().waitFor();
    }
  }

  @Test
  void whatMakesNoSenseIsRefusedBeforeAnythingIsTouched() throws IOException {
    Path small = Files.write(file("small"), new byte[4096]);
    assertThat(runLeast(small.toString()).code()).isEqualTo(BenchException.USAGE);
    assertThat(runLeast("/dev/null").code()).isEqualTo(BenchException.SYSTEM);
    assertThat(runLeast(file("missing").toString()).code()).isEqualTo(BenchException.NOT_FOUND);
    for (String wrong :
        List.of("--size=100", "--area=3", "--threads=0", "--measure=x", "--rounds=-1")) {
      assertThat(run("locality", wrong).code()).as(wrong).isEqualTo(BenchException.USAGE);
    }
    assertThat(run("locality", "--json", "/no/such/folder/a.json").code())
        .isEqualTo(BenchException.USAGE);
    assertThat(run("compare", small.toString(), small.toString()).code())
        .isEqualTo(BenchException.FOREIGN);
    assertThat(run("compare", file("a").toString(), file("b").toString()).code())
        .isEqualTo(BenchException.NOT_FOUND);
  }

  @Test
  void interruptedRunWritesWhatItHasAndSaysSo() throws Exception {
    Path json = file("partial.json");
    Path out = file("out");
    List<String> arguments = new ArrayList<>(List.of("locality", folder.toString(), "--quick"));
    arguments.addAll(List.of("--area", "2", "--rounds", "1000"));
    arguments.addAll(List.of("--measure", "read-latency,map", "--json", json.toString()));
    // What is linked there to be read is written just before the first measure.
    String said =
        TerminatedRun.of(
            folder,
            file -> file.toString().endsWith(".locality") && holdsData(file),
            out,
            arguments);
    assertThat(said).contains("PARTIAL: interrupted in round");
    assertThat(LocalityReport.read(json).interrupted()).contains("of 1000");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(json, out);
    }
  }

  private static boolean holdsData(Path file) throws IOException {
    for (byte value : Files.readAllBytes(file)) {
      if (value != 0) {
        return true;
      }
    }
    return false;
  }
}
