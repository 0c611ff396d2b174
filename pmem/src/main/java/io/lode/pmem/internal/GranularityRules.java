package io.lode.pmem.internal;

import io.lode.pmem.Granularity;
import io.lode.pmem.PmemError;
import io.lode.pmem.SourceKind;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides the granularity of a map by the rules of libpmem2, in their order. */
public final class GranularityRules {
  /** libpmem2's environment variable that forces a granularity. */
  public static final String VARIABLE = "PMEM2_FORCE_GRANULARITY";

  /** The system property that forces a granularity and takes precedence over the variable. */
  public static final String PROPERTY = "io.lode.pmem.granularity";

  private static final String NO_DAX = "the kernel refuses MAP_SYNC: this is not a DAX medium";

  private GranularityRules() {}

  /**
   * A decision.
   *
   * @param granularity the map's granularity
   * @param emulated true if it was forced to a granularity that the medium does not provide
   * @param reason why, and why not a finer one
   */
  public record Decision(Granularity granularity, boolean emulated, String reason) {
    /** Tells whether the kernel refused MAP_SYNC, and nothing hides it. */
    boolean isRefused() {
      return granularity == Granularity.PAGE && !emulated && reason.equals(NO_DAX);
    }

    /**
     * Names the cause if a file lies on persistent memory and the kernel refused MAP_SYNC.
     *
     * @param source what was to be mapped
     * @param files the device files
     * @return this decision, or the same with the cause as its reason
     */
    Decision explained(OpenSource source, DeviceFiles files) {
      if (!isRefused() || source.kind() != SourceKind.FILE) {
        return this;
      }
      return new NoDax(files)
          .cause(source)
          .map(cause -> new Decision(granularity, false, "the kernel refuses MAP_SYNC: " + cause))
          .orElse(this);
    }
  }

  /**
   * Decides for a shared map of a file or device.
   *
   * @param forced the granularity that the environment forces
   * @param synchronous whether the kernel accepted MAP_SYNC
   * @param eadr whether the CPU caches are flushed on power failure
   */
  public static Decision forShared(
      Optional<Granularity> forced, boolean synchronous, boolean eadr) {
    Decision found = found(synchronous, eadr);
    if (forced.isEmpty() || forced.get() == found.granularity()) {
      return found;
    }
    return new Decision(
        forced.get(), true, "forced from outside; the medium provides " + found.granularity());
  }

  private static Decision found(boolean synchronous, boolean eadr) {
    if (!synchronous) {
      return new Decision(Granularity.PAGE, false, NO_DAX);
    }
    return eadr
        ? new Decision(Granularity.BYTE, false, "all regions say cpu_cache (eADR)")
        : new Decision(
            Granularity.CACHE_LINE,
            false,
            "DAX, but no eADR: not every region says cpu_cache, so the caches must be flushed");
  }

  /** Decides for a map whose stores stay in this process. */
  public static Decision forPrivate() {
    return new Decision(Granularity.BYTE, false, "private memory: there is nothing to flush to");
  }

  /** Returns the granularity that the environment of this process currently forces. */
  public static Optional<Granularity> forced() {
    String property = System.getProperty(PROPERTY);
    if (property == null) {
      return parse(System.getenv(VARIABLE));
    }
    Optional<Granularity> forced = parse(property);
    if (forced.isEmpty()) {
      throw new IllegalArgumentException(
          "system property " + PROPERTY + "=" + property + ": use BYTE, CACHE_LINE or PAGE");
    }
    return forced;
  }

  /** Parses a value of the variable; like libpmem2, ignores unknown ones. */
  static Optional<Granularity> parse(@Nullable String value) {
    if (value == null) {
      return Optional.empty();
    }
    return switch (value.toUpperCase(Locale.ROOT)) {
      case "BYTE" -> Optional.of(Granularity.BYTE);
      case "CACHE_LINE", "CACHELINE" -> Optional.of(Granularity.CACHE_LINE);
      case "PAGE" -> Optional.of(Granularity.PAGE);
      default -> Optional.empty();
    };
  }

  /** Refuses a map whose granularity is coarser than required. */
  static void require(Granularity required, Decision decision, String place) {
    if (decision.granularity().satisfies(required)) {
      return;
    }
    throw Failures.of(
        "map",
        place,
        PmemError.GRANULARITY_NOT_SUPPORTED,
        required
            + " is required, the medium provides "
            + decision.granularity()
            + " ("
            + decision.reason()
            + ")",
        "require " + decision.granularity() + ", or use a medium that provides " + required);
  }
}
