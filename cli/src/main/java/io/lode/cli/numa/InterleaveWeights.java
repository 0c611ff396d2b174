package io.lode.cli.numa;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The weights of the kernel's weighted interleaving. They are those of the whole system: writing
 * one ends the automatic choice for everybody, so they are only ever read here.
 *
 * @param mode who chooses the weights
 * @param weights the weight of each node, by its id
 */
record InterleaveWeights(Mode mode, Map<Integer, Integer> weights) {
  private static final Path FOLDER = Path.of("/sys/kernel/mm/mempolicy/weighted_interleave");
  private static final Pattern NODE = Pattern.compile("node(\\d+)");

  /** Who chooses the weights. */
  enum Mode {
    /** The kernel, by the bandwidths that the firmware tells (Linux 6.16). */
    AUTO("auto: the kernel chooses by bandwidth"),

    /** Whoever wrote the last one. */
    MANUAL("manual: set by whoever wrote them"),

    /** Each node has 1 until somebody writes another; there is no automatic choice. */
    MANUAL_ONLY("manual: this kernel cannot choose them (Linux 6.16 can)");

    private final String text;

    Mode(String text) {
      this.text = text;
    }

    /** Returns the word for programs. */
    String word() {
      return this == AUTO ? "auto" : "manual";
    }
  }

  /** Reads those of this system; empty before Linux 6.9, or where they cannot be read. */
  static Optional<InterleaveWeights> now() {
    return at(FOLDER);
  }

  static Optional<InterleaveWeights> at(Path folder) {
    Map<Integer, Integer> weights = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Matcher node = NODE.matcher(file.getFileName().toString());
        if (node.matches()) {
          weights.put(Integer.parseInt(node.group(1)), Integer.parseInt(text(file)));
        }
      }
      return Optional.of(new InterleaveWeights(mode(folder), weights));
    } catch (IOException | NumberFormatException unknown) {
      return Optional.empty();
    }
  }

  private static Mode mode(Path folder) throws IOException {
    // Where the kernel's sources make "auto" a macro (seen on 6.18), the file has the macro's name.
    for (String name : new String[] {"auto", "__auto_type"}) {
      Path file = folder.resolve(name);
      if (Files.exists(file)) {
        return text(file).equals("true") ? Mode.AUTO : Mode.MANUAL;
      }
    }
    return Mode.MANUAL_ONLY;
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8).strip();
  }

  /** Returns a line for people. */
  String text() {
    String each =
        weights.entrySet().stream()
            .map(weight -> weight.getValue() + " for node " + weight.getKey())
            .collect(Collectors.joining(", "));
    return mode.text + (each.isEmpty() ? "" : "; " + each);
  }
}
