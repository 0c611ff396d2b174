package io.lode.bench.locality;

import static org.assertj.core.api.Assertions.assertThat;

import io.lode.bench.run.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class OracleTest {
  private static final Effort LEAST =
      new Effort(1, 1, 1, 2 << 20, 2 << 20, List.of(64, 4096), List.of(1), List.of(Step.IDLE, 0));

  @Test
  void cProgramMeasuresWhatItHasTooAndNothingElse() throws Exception {
    Machine machine = Machine.ofThis();
    Machine.Node node = machine.nodesWithCpus().getFirst();
    try (Target memory = DramTarget.open(machine, node.id(), LEAST.areaBytes());
        var crew = new PlacedCrew(node.id(), node.cpuSet());
        Oracle oracle = Oracle.compile()) {
      for (Step step : LEAST.steps(List.of(Measure.values()), 1)) {
        oracle.measureBeside(crew, memory, step, Figure.of(1), LEAST);
      }
      assertThat(oracle.rows())
          .extracting(OracleRow::measure)
          .containsExactly(Measure.READ_LATENCY, Measure.READ_SEQUENTIAL, Measure.WRITE_SEQUENTIAL);
      assertThat(oracle.rows()).allMatch(row -> row.theirs().getFirst() > 0);
      assertThat(Json.line(oracle.rows())).contains("theirs");
    }
  }
}
