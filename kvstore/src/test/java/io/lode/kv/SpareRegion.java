package io.lode.kv;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The persistent memory region of the emulated machine's spare device, where a test makes and
 * destroys namespaces as it likes. It has none at first.
 */
final class SpareRegion {
  private static final String NAME = name();

  /**
   * A namespace.
   *
   * @param dev the kernel's name for it now
   * @param device its device now
   * @param uuid its uuid
   */
  record Made(String dev, Path device, UUID uuid) {}

  SpareRegion() throws IOException {
    for (Made each : namespaces()) {
      destroy(each);
    }
    // Numbers that were given before are free only then.
    restart();
  }

  /** The first disk of a region has its number. */
  private static String name() {
    return System.getenv("LODE_SPARE").replaceFirst("/dev/pmem(\\d+).*", "region$1");
  }

  /** Makes a namespace of so many MiB. */
  Made make(String mode, int mib) throws IOException {
    return made(
        SystemCommand.run("ndctl", "create-namespace", "-r", NAME, "-m", mode, "-s", mib + "M"));
  }

  /** Gives a namespace another mode, in which it is another namespace. */
  Made remake(Made namespace, String mode) throws IOException {
    return made(
        SystemCommand.run("ndctl", "create-namespace", "-f", "-e", namespace.dev(), "-m", mode));
  }

  void destroy(Made namespace) throws IOException {
    SystemCommand.run("ndctl", "destroy-namespace", "-f", namespace.dev());
  }

  /** Makes the kernel look for all namespaces anew and number them, as it does at a start. */
  void restart() throws IOException {
    SystemCommand.run("ndctl", "disable-region", NAME);
    SystemCommand.run("ndctl", "enable-region", NAME);
  }

  /** Finds a namespace by its uuid, whatever it is called now. */
  Made find(Made namespace) throws IOException {
    return namespaces().stream()
        .filter(each -> each.uuid().equals(namespace.uuid()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("it is gone: " + namespace));
  }

  private static List<Made> namespaces() throws IOException {
    List<Made> namespaces = new ArrayList<>();
    String list = SystemCommand.run("ndctl", "list", "-N", "-r", NAME);
    Stream.of(list.split("\\}", -1))
        .filter(json -> json.contains("\"uuid\""))
        .forEach(json -> namespaces.add(made(json)));
    return namespaces;
  }

  private static Made made(String json) {
    String device = json.contains("\"chardev\"") ? "chardev" : "blockdev";
    return new Made(
        field(json, "dev"),
        Path.of("/dev", field(json, device)),
        UUID.fromString(field(json, "uuid")));
  }

  private static String field(String json, String name) {
    return json.replaceFirst("(?s).*?\"" + name + "\":\"([^\"]*)\".*", "$1");
  }
}
