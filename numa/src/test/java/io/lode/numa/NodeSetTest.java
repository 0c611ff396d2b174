package io.lode.numa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NodeSetTest {
  @Test
  void nodeSetsAndCpuSetsOfferTheSame() {
    assertThat(shape(NodeSet.class)).isEqualTo(shape(CpuSet.class));
  }

  private static Set<String> shape(Class<?> type) {
    Set<String> methods = new TreeSet<>();
    Arrays.stream(type.getDeclaredMethods())
        .map(method -> method.toString().replace(type.getName(), "SET"))
        // A node, unlike a CPU, may also be named by a device on it.
        .filter(method -> !method.contains("Topology") && !method.contains("$"))
        .forEach(methods::add);
    return methods;
  }

  @Test
  void aNodeSetIsReadPrintedAndCombined() {
    NodeSet nodes = NodeSet.parse("0-2,9");
    assertThat(nodes.size()).isEqualTo(4);
    assertThat(nodes.minus(NodeSet.of(1))).hasToString("0,2,9");
    assertThat(nodes.intersect(NodeSet.range(2, 9))).hasToString("2,9");
    assertThat(nodes.union(NodeSet.parseHex("8"))).hasToString("0-3,9");
    assertThat(NodeSet.ofWords(nodes.toWords())).isEqualTo(nodes).hasSameHashCodeAs(nodes);
    assertThat(NodeSet.parse("!1", nodes)).hasToString("0,2,9");
    assertThatIllegalArgumentException().isThrownBy(() -> NodeSet.parse("3", nodes));
  }
}
