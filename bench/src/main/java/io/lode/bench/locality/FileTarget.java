package io.lode.bench.locality;

import io.lode.bench.run.BenchException;
import io.lode.bench.run.Figures;
import io.lode.bench.run.MediumFolder;
import io.lode.bench.run.PageFaults;
import io.lode.bench.run.RawMap;
import io.lode.pmem.CopyFlags;
import io.lode.pmem.DeviceLocation;
import io.lode.pmem.Granularity;
import io.lode.pmem.MapConfig;
import io.lode.pmem.PmemMap;
import io.lode.pmem.Source;
import io.lode.pmem.SourceKind;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A file or devdax device, opened, looked at, locked, mapped; left as it was found. */
final class FileTarget {
  private static final long UNIT_BYTES = 2 << 20;

  private final Machine machine;
  private final Path path;
  private final boolean emulate;
  private final boolean isOwn;
  private final UnaryOperator<String> unique;

  private FileTarget(
      Machine machine, Path path, boolean emulate, boolean isOwn, UnaryOperator<String> unique) {
    this.machine = machine;
    this.path = path;
    this.emulate = emulate;
    this.isOwn = isOwn;
    this.unique = unique;
  }

  /**
   * Makes a file in a folder, which is deleted when the target is closed.
   *
   * @param name the folder, or {@link MediumFolder#EMULATED}
   */
  static Target inFolder(Machine machine, String name, long areaBytes, UnaryOperator<String> unique)
      throws IOException {
    MediumFolder folder = MediumFolder.of(name);
    folder.requireRoom(Target.AREAS * areaBytes, "name another folder or a smaller --area");
    Path file = Files.createTempFile(folder.path(), "lode-bench-", ".locality");
    try {
      NewContent.write(machine, file, Target.AREAS * areaBytes);
      return new FileTarget(machine, file, folder.emulated(), true, unique).open(areaBytes, true);
    } catch (IOException | RuntimeException | Error failure) {
      Files.deleteIfExists(file);
      throw failure;
    }
  }

  /** Takes a file or device that is there; force says that its data may be lost. */
  static Target existing(
      Machine machine, Path path, long areaBytes, boolean force, UnaryOperator<String> unique)
      throws IOException {
    return new FileTarget(machine, path, false, false, unique).open(areaBytes, force);
  }

  private Target open(long areaBytes, boolean force) throws IOException {
    Source source = Source.of(path);
    try {
      requireUsable(source);
      long fitting = source.sizeBytes() / Target.AREAS / UNIT_BYTES * UNIT_BYTES;
      long area = Math.min(areaBytes, fitting);
      BenchException.require(
          area > 0,
          "%s is too small: %s are needed"
              .formatted(path, Figures.bytes(Target.AREAS * UNIT_BYTES)));
      if (!force) {
        requireBlank(source, Target.AREAS * area);
      }
      return map(source, area);
    } catch (IOException | RuntimeException | Error failure) {
      source.close();
      throw failure;
    }
  }

  private void requireUsable(Source source) throws IOException {
    BenchException.require(
        source.kind().isMappable(), path + " cannot be mapped: " + source.kind());
    String user = source.tryLock() ? InUse.byAnother(path).orElse("") : "another process";
    if (!user.isEmpty()) {
      throw new BenchException(
          BenchException.LOCKED, path + " is in use by " + user + ": nothing was written");
    }
  }

  private void requireBlank(Source source, long lengthBytes) {
    OptionalLong data = Blank.firstData(source, lengthBytes);
    if (data.isPresent()) {
      throw new BenchException(
          BenchException.FOREIGN,
          "%s holds data, about offset %d: nothing was written; --force overwrites it"
              .formatted(path, data.getAsLong()));
    }
  }

  private Target map(Source source, long area) throws IOException {
    long length = Target.AREAS * area;
    if (!isOwn && source.kind() != SourceKind.DEVDAX) {
      NewContent.write(machine, path, length);
    }
    PmemMap map = MapConfig.of(Granularity.PAGE).length(length).map(source);
    try {
      boolean isPage = map.granularity() == Granularity.PAGE;
      PmemMap lines = isPage ? DramTarget.lines(map.segment()) : map;
      PmemMap medium = emulate && lines != null ? lines : map;
      TargetFacts facts = facts(source, medium, area);
      RawMap raw = RawMap.of(path, 0, length, Arena.ofShared());
      return new Target(
          facts, medium, lines, raw, bytes -> fresh(area, bytes), () -> close(source, map, raw));
    } catch (IOException | RuntimeException | Error failure) {
      map.close();
      throw failure;
    }
  }

  private RawMap fresh(long offset, long bytes) {
    return RawMap.of(path, offset, bytes, Arena.ofConfined());
  }

  private void close(Source source, PmemMap map, RawMap raw) {
    raw.close();
    try (source) {
      if (!isOwn) {
        map.fill(0, map.size(), (byte) 0, CopyFlags.NONE);
      }
      map.close();
    }
    if (isOwn) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException failure) {
        throw new BenchException(
            BenchException.SYSTEM, path + " cannot be deleted: " + failure.getMessage());
      }
    }
  }

  private TargetFacts facts(Source source, PmemMap medium, long area) throws IOException {
    DeviceLocation location = source.location();
    TargetFacts.Kind kind = kind(source.kind());
    boolean isOnDevice = kind == TargetFacts.Kind.FSDAX || kind == TargetFacts.Kind.DEVDAX;
    Places places = isOnDevice ? Places.ofDevice(location) : Places.ofPages(medium.segment());
    FileStore store = Files.getFileStore(path);
    String name =
        switch (kind) {
          case DEVDAX -> path.toRealPath().getFileName().toString();
          case FSDAX -> "fsdax:" + location.device().orElse(store.type());
          case EMULATED -> "dev-shm";
          case FILE, DRAM -> "file:" + store.type();
        };
    int node = places.memoryNode().orElse(-1);
    return new TargetFacts(
        unique.apply(name),
        kind,
        isOwn ? String.valueOf(path.getParent()) : path.toString(),
        location.device().orElse(isOnDevice ? null : store.name()),
        emulation(kind, medium, location),
        medium.granularity().toString(),
        medium.flushPrimitive(),
        emulate
            ? "survives the process, but no restart of the machine: it is ordinary memory"
            : source.granularity().durability(),
        location.persistenceDomain().toString(),
        source.alignmentBytes(),
        area,
        PageFaults.pageBytesOf(bytes -> fresh(area, bytes), area),
        node < 0 ? null : node,
        location.targetNode().isPresent() ? location.targetNode().getAsInt() : null,
        places.by(),
        machine.byDistance(places.near(), node),
        places.nearNodes());
  }

  private TargetFacts.Kind kind(SourceKind kind) {
    return switch (kind) {
      case DEVDAX -> TargetFacts.Kind.DEVDAX;
      case FSDAX_FILE -> TargetFacts.Kind.FSDAX;
      default -> emulate ? TargetFacts.Kind.EMULATED : TargetFacts.Kind.FILE;
    };
  }

  private @Nullable String emulation(
      TargetFacts.Kind kind, PmemMap medium, DeviceLocation location) {
    if (machine.emulation() != null) {
      return machine.emulation();
    }
    if (emulate) {
      return "ordinary memory: flush instructions run for real, the medium's times are missing";
    }
    if (medium.isEmulated()) {
      return "its granularity is forced: flush instructions run, but nobody knows what they reach";
    }
    if (kind == TargetFacts.Kind.FILE) {
      return null;
    }
    if (location.provider().filter("e820"::equals).isPresent()) {
      return "ordinary memory that the kernel was told to take for persistent";
    }
    return machine.virtual() ? "the device of a virtual machine: what backs it is unknown" : null;
  }
}
