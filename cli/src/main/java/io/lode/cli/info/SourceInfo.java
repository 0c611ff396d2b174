package io.lode.cli.info;

import io.lode.kv.KvStore;
import io.lode.numa.Placement;
import io.lode.pmem.DeviceLocation;
import io.lode.pmem.GranularityReport;
import io.lode.pmem.Namespace;
import io.lode.pmem.PmemException;
import io.lode.pmem.Source;
import io.lode.pmem.SourceKind;
import io.lode.store.StoreException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A description of a path as persistent memory.
 *
 * @param path as given
 * @param kind its kind
 * @param sizeBytes its current size
 * @param alignmentBytes the alignment of offsets and lengths of maps
 * @param location the location of its memory
 * @param granularity the granularity of a map, null if it cannot be mapped
 * @param placement the CPUs near it
 * @param deviceId the identity of its memory devices
 * @param unsafeShutdowns the number of times they lost power too early
 * @param namespaces the namespaces that hold it
 * @param pool the id of the pool in it, null if there is none that can be read
 * @param notes the reasons for unknown or doubtful values
 */
record SourceInfo(
    Path path,
    SourceKind kind,
    long sizeBytes,
    long alignmentBytes,
    DeviceLocation location,
    @Nullable GranularityReport granularity,
    Placement placement,
    Answer<String> deviceId,
    Answer<Long> unsafeShutdowns,
    List<Namespace> namespaces,
    @Nullable UUID pool,
    List<String> notes) {

  /**
   * An answer, or why there is none.
   *
   * @param value the answer, null if unknown
   * @param reason the reason, empty if there is an answer
   */
  record Answer<T>(@Nullable T value, String reason) {
    static <T> Answer<T> of(Supplier<T> question) {
      try {
        return new Answer<>(question.get(), "");
      } catch (PmemException unknown) {
        return new Answer<>(null, reason(unknown));
      }
    }

    /**
     * Extracts the part of a message between code and advice, because the path is printed above and
     * there is nothing to do.
     */
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
   * Inspects a path. It is opened for reading, if it is a regular file or a dax device, and never
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
          source.namespaces(),
          pool(source, path),
          notes);
    }
  }

  private static @Nullable UUID pool(Source source, Path path) {
    if (!source.kind().isMappable()) {
      return null;
    }
    try {
      return KvStore.idAt(path).orElse(null);
    } catch (StoreException unreadable) {
      return null;
    }
  }

  private static @Nullable GranularityReport granularity(Source source, List<String> notes) {
    try {
      return source.granularity();
    } catch (PmemException unmappable) {
      notes.add(String.valueOf(unmappable.getMessage()));
      return null;
    }
  }

  /**
   * Adds a note if libndctl, where it answers, disagrees with the node from sysfs that is shown.
   */
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
