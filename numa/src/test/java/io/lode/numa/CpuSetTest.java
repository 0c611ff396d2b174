package io.lode.numa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CpuSetTest {
  private static final CpuSet ALLOWED = CpuSet.parse("2-5,8,10-11");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1-5,7,10 | 1-5,7,10",
        "0 | 0",
        "7,3,5 | 3,5,7",
        "0-0 | 0",
        "1,2,3 | 1-3",
        "0x10-0X12 | 16-18",
        "0-7:2/4 | 0-1,4-5",
        "0-31:1/8 | 0,8,16,24",
        "007 | 7",
        "1048575 | 1048575",
        "' 4 ' | 4"
      })
  void listsAreReadAndPrintedCanonically(String list, String printed) {
    assertThat(CpuSet.parse(list)).hasToString(printed);
    assertThat(CpuSet.parse(printed)).isEqualTo(CpuSet.parse(list));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "all | 2-5,8,10-11",
        "!4-5 | 2-3,8,10-11",
        "!0-20 | ''",
        "+0-3 | 2-5",
        "+4,6 | 8,11",
        "'' | ''",
        "2,8 | 2,8"
      })
  void wordsForTheAllowedOnesNeedThem(String list, String printed) {
    assertThat(CpuSet.parse(list, ALLOWED)).hasToString(printed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",",
        "1,",
        ",1",
        "1,,2",
        "-",
        "-1",
        "1-",
        "1--2",
        "1-2-3",
        "3-1",
        "a",
        "0x",
        "1x",
        "0xg",
        "1 2",
        "1, 2",
        "!",
        "+",
        "!!1",
        "+!1",
        "al",
        "all,1",
        "1:2/4",
        "0-3:2",
        "0-3:/",
        "0-3:3/2",
        "0-3:0/0",
        "4294967296",
        "18446744073709551616",
        "99999999999999999999999",
        "1048576",
        "2147483647",
        "0-2147483647",
        "٣",
        "1\n2",
        "0-4294967295",
        "same",
        "eth0",
        "-0",
        "+-1"
      })
  void malformedListsSayWhatIsAllowed(String list) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CpuSet.parse(list, CpuSet.range(0, 4000)))
        .withMessageMatching("(?s).*(malformed list|relative index|not among).*");
  }

  @Test
  void hostileListsAreShortenedInMessages() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CpuSet.parse("x".repeat(1 << 20)))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
    assertThatIllegalArgumentException().isThrownBy(() -> CpuSet.parse("1".repeat((1 << 20) + 1)));
  }

  @Test
  void namesOutsideTheAllowedOnesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CpuSet.parse("2,9", ALLOWED))
        .withMessageContaining("9")
        .withMessageContaining("2-5,8,10-11");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CpuSet.parse("+7", ALLOWED))
        .withMessageContaining("7 allowed ids");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CpuSet.parse("all"))
        .withMessageContaining("parse(list, allowed)");
  }

  @Test
  void eachOfThreeHundredBitsSurvivesPrintingAsHexadecimalMap() {
    for (int bit = 0; bit < 300; bit++) {
      CpuSet set = CpuSet.of(bit);
      assertThat(CpuSet.parseHex(set.toHex())).isEqualTo(set);
      assertThat(set.first()).hasValue(bit);
    }
    assertThat(CpuSet.of(0, 32, 65).toHex()).isEqualTo("00000002,00000001,00000001");
    assertThat(CpuSet.empty().toHex()).isEqualTo("00000000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", "1,", "g", "123456789", "-1", "0x1", "1 2", "+1", "1;2"})
  void malformedMapsAreRefused(String map) {
    assertThatIllegalArgumentException().isThrownBy(() -> CpuSet.parseHex(map));
  }

  @Test
  void setsOfAnyWidthAgreeWithBitSet() {
    long seed = Long.getLong("lode.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      BitSet a = randomBits(random);
      BitSet b = randomBits(random);
      CpuSet setA = CpuSet.ofWords(a.toLongArray());
      CpuSet setB = CpuSet.of(b.stream().toArray());
      assertThat(setA.size()).isEqualTo(a.cardinality());
      assertThat(setA.last().orElse(-1)).isEqualTo(a.length() - 1);
      assertThat(setA.stream().toArray()).isEqualTo(a.stream().toArray());
      assertThat(CpuSet.parse(setA.toString())).isEqualTo(setA).hasSameHashCodeAs(setA);
      assertThat(CpuSet.parseHex(setA.toHex())).isEqualTo(setA);
      assertThat(bits(setA.union(setB))).isEqualTo(combined(a, b, 0).stream().boxed().toList());
      assertThat(bits(setA.intersect(setB))).isEqualTo(combined(a, b, 1).stream().boxed().toList());
      assertThat(bits(setA.minus(setB))).isEqualTo(combined(a, b, 2).stream().boxed().toList());
      assertThat(setA.union(setB).containsAll(setB)).isTrue();
    }
  }

  private static List<Integer> bits(CpuSet set) {
    return set.stream().boxed().toList();
  }

  private static BitSet combined(BitSet a, BitSet b, int operation) {
    BitSet result = (BitSet) a.clone();
    switch (operation) {
      case 0 -> result.or(b);
      case 1 -> result.and(b);
      default -> result.andNot(b);
    }
    return result;
  }

  private static BitSet randomBits(Random random) {
    BitSet bits = new BitSet();
    int width = 1 << random.nextInt(13);
    for (int i = random.nextInt(40); i > 0; i--) {
      bits.set(random.nextInt(width));
    }
    return bits;
  }

  @Test
  void numbersThatCannotBeIdsAreRefusedOrAbsent() {
    assertThatIllegalArgumentException().isThrownBy(() -> CpuSet.of(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> CpuSet.of(Integer.MAX_VALUE));
    assertThatIllegalArgumentException().isThrownBy(() -> CpuSet.range(3, 2));
    assertThatIllegalArgumentException().isThrownBy(() -> CpuSet.range(0, 1 << 20));
    assertThat(CpuSet.of(1).contains(-1)).isFalse();
    assertThat(CpuSet.of(1).contains(Integer.MIN_VALUE)).isFalse();
    assertThat(CpuSet.of(1).contains(Integer.MAX_VALUE)).isFalse();
    assertThat(CpuSet.empty().first()).isEmpty();
    assertThat(CpuSet.empty().last()).isEmpty();
    assertThat(CpuSet.of()).isSameAs(CpuSet.empty());
  }
}
