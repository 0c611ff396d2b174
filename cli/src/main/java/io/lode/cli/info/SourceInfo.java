package io.lode.cli.info;

import io.lode.numa.Placement;
import io.lode.pmem.DeviceLocation;
import io.lode.pmem.GranularityAnswer;
import io.lode.pmem.PmemException;
import io.lode.pmem.Source;
import io.lode.pmem.SourceKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a path as persistent memory.
 *
 * @param path as given
 * @param kind what it is
 * @param sizeBytes its size now
 * @param alignmentBytes what offsets and lengths of maps must be multiples of
 * @param location where its memory is
 * @param granularity what a map would get, null if it cannot be mapped
 * @param placement the CPUs near it
 * @param deviceId what identifies its memory devices
 * @param unsafeShutdowns how often they lost power too early
 * @param notes why something is not known or doubtful
 */
record SourceInfo(
    Path path,
    SourceKind kind,
    long sizeBytes,
    long alignmentBytes,
    DeviceLocation location,
    @Nullable GranularityAnswer granularity,
    Placement placement,
    Answer<String> deviceId,
    Answer<Long> unsafeShutdowns,
    List<String> notes) {

  /**
   * An answer, or why there is none.
   *
   * @param value null if it is not known
   * @param reason empty if it is
   */
  record Answer<T>(@Nullable T value, String reason) {
    static <T> Answer<T> of(Supplier<T> question) {
      try {
        return new Answer<>(question.get(), "");
      } catch (PmemException unknown) {
        return new Answer<>(null, reason(unknown));
      }
    }

    /** The path stands above and there is nothing to do: leaves what is between code and advice. */
    private static String reason(PmemException unknown) {
      String message = String.valueOf(unknown.getMessage());
      String code = " (" + unknown.code() + "): ";
      int start = message.lastIndexOf(code);
      int end = message.lastIndexOf("; ");
      return start < 0 || end < start ? message : message.substring(start + code.length(), end);
    }

    @Override
    public String toString() {
      return value == null ? "unknown: " + reason : value.toString();
    }
  }

  /**
   * Looks at a path. It is opened for reading, if it is a regular file or a dax device, and never
   * changed.
   */
  static SourceInfo of(Path path) {
    try (Source source = Source.readOnly(path)) {
      DeviceLocation location = source.location();
      List<String> notes = new ArrayList<>(location.reasons());
      compareWithLibndctl(source, location, notes);
      return new SourceInfo(
          path,
          source.kind(),
          source.sizeBytes(),
          source.alignmentBytes(),
          location,
          granularity(source, notes),
          DevicePlacement.of(location),
          Answer.of(source::deviceId),
          Answer.of(source::unsafeShutdownCount),
          notes);
    }
  }

  private static @Nullable GranularityAnswer granularity(Source source, List<String> notes) {
    try {
      return source.granularity();
    } catch (PmemException unmappable) {
      notes.add(String.valueOf(unmappable.getMessage()));
      return null;
    }
  }

  /** What is shown comes from sysfs; where libndctl answers too it must say the same. */
  private static void compareWithLibndctl(
      Source source, DeviceLocation location, List<String> notes) {
    if (location.region().isEmpty()) {
      return;
    }
    try {
      int node = source.numaNode();
      if (location.numaNode().orElse(-1) != node) {
        notes.add("libndctl names another node: " + node);
      }
    } catch (PmemException noAnswer) {
      notes.add(String.valueOf(noAnswer.getMessage()));
    }
  }
}
