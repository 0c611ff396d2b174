package io.lode.pmem.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lode.pmem.Granularity;
import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import io.lode.pmem.internal.GranularityRules.Decision;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GranularityRulesTest {
  private static Decision found(boolean synchronous, boolean eadr) {
    return GranularityRules.forShared(Optional.empty(), synchronous, eadr);
  }

  @Test
  void mediumDecides() {
    assertThat(found(false, false).granularity()).isEqualTo(Granularity.PAGE);
    assertThat(found(false, true).granularity()).isEqualTo(Granularity.PAGE);
    assertThat(found(true, false).granularity()).isEqualTo(Granularity.CACHE_LINE);
    assertThat(found(true, true).granularity()).isEqualTo(Granularity.BYTE);
  }

  @Test
  void exactlyTheCoarserMediaAreRefused() {
    for (Granularity required : Granularity.values()) {
      for (Decision medium :
          new Decision[] {found(true, true), found(true, false), found(false, false)}) {
        if (medium.granularity().compareTo(required) <= 0) {
          GranularityRules.require(required, medium, "here");
        } else {
          assertThatThrownBy(() -> GranularityRules.require(required, medium, "here"))
              .isInstanceOfSatisfying(
                  PmemException.class,
                  e -> assertThat(e.error()).isEqualTo(PmemError.GRANULARITY_NOT_SUPPORTED))
              .hasMessageContaining(
                  medium.granularity() == Granularity.PAGE ? "MAP_SYNC" : "no eADR");
        }
      }
    }
  }

  @Test
  void forcingWinsAndIsMarked() {
    for (Granularity forced : Granularity.values()) {
      Decision decision = GranularityRules.forShared(Optional.of(forced), false, false);
      assertThat(decision.granularity()).isEqualTo(forced);
      assertThat(decision.emulated()).isEqualTo(forced != Granularity.PAGE);
    }
  }

  @Test
  void variableIsReadAsLibpmem2ReadsIt() {
    assertThat(GranularityRules.parse("CaCHe_Line")).contains(Granularity.CACHE_LINE);
    assertThat(GranularityRules.parse("cacheline")).contains(Granularity.CACHE_LINE);
    assertThat(GranularityRules.parse("byte")).contains(Granularity.BYTE);
    assertThat(GranularityRules.parse("PAGE")).contains(Granularity.PAGE);
    for (String other : new String[] {"", " PAGE", "PAGES", "CACHE-LINE", "0", "CACHE_LINE "}) {
      assertThat(GranularityRules.parse(other)).as(other).isEmpty();
    }
    assertThat(GranularityRules.parse(null)).isEmpty();
  }

  @Test
  void propertyMustBeAGranularity() {
    String before = System.getProperty(GranularityRules.PROPERTY);
    try {
      System.setProperty(GranularityRules.PROPERTY, "cache_line");
      assertThat(GranularityRules.forced()).contains(Granularity.CACHE_LINE);
      System.setProperty(GranularityRules.PROPERTY, "fast");
      assertThatThrownBy(GranularityRules::forced)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("fast");
    } finally {
      if (before == null) {
        System.clearProperty(GranularityRules.PROPERTY);
      } else {
        System.setProperty(GranularityRules.PROPERTY, before);
      }
    }
  }
}
