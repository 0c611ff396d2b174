package io.lode.cli.info;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.lode.cli.console.Failure;
import io.lode.pmem.DeviceLocation;
import io.lode.pmem.GranularityReport;
import io.lode.pmem.Namespace;
import io.lode.pmem.SourceKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One element of the JSON list; null components are omitted. These names have the same meaning as
 * in ndctl and daxctl: {@code mode}, {@code chardev}, {@code blockdev}, {@code region}, {@code
 * provider}, {@code size}, {@code align}, {@code numa_node}, {@code target_node}, {@code
 * persistence_domain}.
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record InfoEntry(
    String path,
    @Nullable String kind,
    @Nullable String mode,
    @Nullable String chardev,
    @Nullable String blockdev,
    @Nullable String region,
    @Nullable String provider,
    @Nullable Long size,
    @Nullable Long align,
    @Nullable Integer numaNode,
    @Nullable Integer targetNode,
    @Nullable Boolean cxl,
    @Nullable List<Integer> memdevNodes,
    @Nullable String persistenceDomain,
    @Nullable String deviceId,
    @Nullable String deviceIdReason,
    @Nullable Long unsafeShutdownCount,
    @Nullable String unsafeShutdownCountReason,
    @Nullable List<NamespaceEntry> namespaces,
    @Nullable UUID poolId,
    @Nullable String granularity,
    @Nullable String granularityReason,
    @Nullable Boolean emulated,
    @Nullable String durability,
    @Nullable String nearNodes,
    @Nullable String nearCpus,
    @Nullable String nearReason,
    @Nullable List<String> notes,
    @Nullable String error,
    @Nullable Integer exitCode) {

  /** A namespace, with the names that {@code ndctl list} has for its parts. */
  record NamespaceEntry(String dev, @Nullable String name, UUID uuid) {
    static @Nullable List<NamespaceEntry> of(List<Namespace> namespaces) {
      return namespaces.isEmpty()
          ? null
          : namespaces.stream()
              .map(n -> new NamespaceEntry(n.device(), n.name().orElse(null), n.uuid()))
              .toList();
    }
  }

  static InfoEntry of(SourceInfo info) {
    DeviceLocation location = info.location();
    Optional<GranularityReport> granularity = Optional.ofNullable(info.granularity());
    boolean onDevice = info.kind() != SourceKind.FILE && info.kind() != SourceKind.FSDAX_FILE;
    String device = location.device().orElse(null);
    return new InfoEntry(
        info.path().toString(),
        name(info.kind()),
        mode(info.kind()),
        onDevice ? device : null,
        onDevice ? null : device,
        location.region().orElse(null),
        location.provider().orElse(null),
        info.sizeBytes(),
        info.alignmentBytes(),
        boxed(location.numaNode()),
        boxed(location.targetNode()),
        location.cxl() ? true : null,
        location.cxl() ? location.memdevNodes() : null,
        location.region().isPresent() ? location.persistenceDomain().ndctlName() : null,
        info.deviceId().value(),
        reason(info.deviceId()),
        info.unsafeShutdowns().value(),
        reason(info.unsafeShutdowns()),
        NamespaceEntry.of(info.namespaces()),
        info.pool(),
        granularity.map(answer -> name(answer.granularity())).orElse(null),
        granularity.map(GranularityReport::reason).orElse(null),
        granularity.map(GranularityReport::emulated).orElse(null),
        granularity.map(GranularityReport::durability).orElse(null),
        info.placement().isEmpty() ? null : info.placement().nodes().toString(),
        info.placement().isEmpty() ? null : info.placement().cpus().toString(),
        info.placement().reason(),
        info.notes().isEmpty() ? null : info.notes(),
        null,
        null);
  }

  static InfoEntry failed(Path path, Failure failure) {
    return new InfoEntry(
        path.toString(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        failure.message(),
        failure.code().number());
  }

  /** Returns the name of a constant in lower case with hyphens. */
  static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the mode as in {@code ndctl list} or, for dax devices, {@code daxctl list}. */
  private static @Nullable String mode(SourceKind kind) {
    return switch (kind) {
      case DEVDAX -> "devdax";
      case FSDAX_FILE -> "fsdax";
      case SYSTEM_RAM_DAX -> "system-ram";
      case FAMFS_DAX -> "famfs";
      case DISABLED_DAX, FILE, ANONYMOUS -> null;
    };
  }

  private static @Nullable String reason(SourceInfo.Answer<?> answer) {
    return answer.value() == null ? answer.reason() : null;
  }

  private static @Nullable Integer boxed(OptionalInt value) {
    return value.isPresent() ? value.getAsInt() : null;
  }
}
