package io.lode.numa.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Reads attributes below one root, {@code /sys} on a real machine.
 *
 * <p>A missing or unreadable file is an absent value, because kernels and containers differ in what
 * they show. A malformed file is an {@link IllegalArgumentException} that names it.
 */
public final class Sysfs {
  // No attribute read here is larger on any kernel: a page, or a few for a wide binary list.
  private static final int MAX_ATTRIBUTE_BYTES = 1 << 18;

  private final Path root;

  /** Creates a reader of the files below {@code root}. */
  public Sysfs(Path root) {
    this.root = root;
  }

  /** Returns {@code path} below the root. */
  public Path resolve(String path) {
    return root.resolve(path);
  }

  /** Returns an attribute's text without surrounding blanks. */
  public Optional<String> text(String path) {
    try (InputStream in = Files.newInputStream(resolve(path))) {
      byte[] bytes = in.readNBytes(MAX_ATTRIBUTE_BYTES);
      return Optional.of(new String(bytes, StandardCharsets.UTF_8).strip());
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /** Returns a list attribute, such as {@code cpulist}. */
  public Optional<IdSet> list(String path) {
    Optional<String> text = text(path);
    try {
      return text.map(list -> IdList.parse(list, IdSet.EMPTY));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(resolve(path) + ": " + e.getMessage(), e);
    }
  }

  /** Returns a decimal attribute. */
  public OptionalLong number(String path) {
    Optional<String> text = text(path);
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(text.get()));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          resolve(path) + ": \"" + text.get() + "\" is not a number", e);
    }
  }

  /** Returns a node id attribute; the kernel's -1 (no node) is absent. */
  public OptionalInt node(String path) {
    OptionalLong value = number(path);
    return value.isPresent() && value.getAsLong() >= 0 && value.getAsLong() <= IdSet.MAX_ID
        ? OptionalInt.of((int) value.getAsLong())
        : OptionalInt.empty();
  }

  /**
   * Returns the numbers that follow {@code prefix} in the names of a directory; empty when it is
   * absent.
   */
  public IdSet numbered(String directory, String prefix) {
    List<Integer> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(resolve(directory))) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (name.matches(prefix + "[0-9]{1,6}")) {
          found.add(Integer.parseInt(name.substring(prefix.length())));
        }
      }
    } catch (IOException _) {
      return IdSet.EMPTY;
    }
    return IdSet.of(found.stream().mapToInt(Integer::intValue).toArray());
  }
}
