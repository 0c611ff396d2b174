package io.lode.numa.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Finds the node a device is attached to: numactl's {@code pci:}, {@code block:} and the like. */
public final class DeviceNodes {
  private static final int FILE_TYPE = 0170000;
  private static final int BLOCK_DEVICE = 0060000;
  private static final int CHARACTER_DEVICE = 0020000;
  // The discard port: connecting a datagram socket picks a route and sends nothing.
  private static final int ANY_PORT = 9;

  private final Sysfs sysfs;

  /** Creates a search in {@code sysfs}. */
  public DeviceNodes(Sysfs sysfs) {
    this.sysfs = sysfs;
  }

  /**
   * Finds a device's node.
   *
   * @param name {@code kind:device}
   * @return the node, absent when the text does not name a kind of device
   * @throws IllegalArgumentException when there is no such device or it reports no node
   */
  public Optional<IdSet> find(String name) {
    int colon = name.indexOf(':');
    String kind = colon < 0 ? "" : name.substring(0, colon);
    String device = name.substring(colon + 1);
    return switch (kind) {
      case "pci" -> Optional.of(climb(name, "bus/pci/devices/" + plain(name, fullPci(device))));
      case "block" -> Optional.of(climb(name, "class/block/" + plain(name, device)));
      case "netdev" -> Optional.of(climb(name, "class/net/" + plain(name, device)));
      case "file" -> Optional.of(climb(name, deviceOf(name, device)));
      case "ip" -> Optional.of(climb(name, "class/net/" + interfaceTowards(name, device)));
      default -> Optional.empty();
    };
  }

  /** Climbs from a device's directory to the first that names a node. */
  private IdSet climb(String name, String link) {
    Path directory;
    try {
      directory = sysfs.resolve(link).toRealPath();
    } catch (IOException e) {
      throw new IllegalArgumentException(name + ": no such device: " + sysfs.resolve(link), e);
    }
    Path top = topOf(directory);
    for (Path up = directory; up != null && up.startsWith(top); up = up.getParent()) {
      OptionalInt node = sysfs.node(up.resolve("numa_node").toString());
      if (node.isPresent()) {
        return IdSet.of(node.getAsInt());
      }
    }
    throw new IllegalArgumentException(
        name + ": neither the device nor any parent of it names a node");
  }

  private Path topOf(Path fallback) {
    try {
      return sysfs.resolve("devices").toRealPath();
    } catch (IOException _) {
      return fallback;
    }
  }

  /** Requires a device's name to be a single file name, so that it cannot lead elsewhere. */
  private static String plain(String name, String device) {
    if (device.isEmpty() || device.startsWith(".") || device.indexOf('/') >= 0) {
      throw new IllegalArgumentException(name + ": \"" + device + "\" is not a device's name");
    }
    return device;
  }

  private static String fullPci(String device) {
    return device.matches("[0-9a-fA-F]{1,2}:.*") ? "0000:" + device : device;
  }

  private static String deviceOf(String name, String file) {
    try {
      Map<String, Object> attributes = Files.readAttributes(Path.of(file), "unix:mode,dev,rdev");
      int type = number(attributes.get("mode")).intValue() & FILE_TYPE;
      if (type == CHARACTER_DEVICE) {
        return "dev/char/" + majorMinor(number(attributes.get("rdev")).longValue());
      }
      Object device = attributes.get(type == BLOCK_DEVICE ? "rdev" : "dev");
      return "dev/block/" + majorMinor(number(device).longValue());
    } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
      throw new IllegalArgumentException(name + ": cannot be looked at: " + e, e);
    }
  }

  private static Number number(@Nullable Object attribute) {
    return attribute instanceof Number value ? value : 0;
  }

  // As in the C library's sys/sysmacros.h.
  private static String majorMinor(long device) {
    long major = (device >>> 8 & 0xfff) | (device >>> 32 & 0xfffff000L);
    long minor = (device & 0xff) | (device >>> 12 & 0xffffff00L);
    return major + ":" + minor;
  }

  private static String interfaceTowards(String name, String literal) {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral(literal), ANY_PORT));
      NetworkInterface towards = NetworkInterface.getByInetAddress(socket.getLocalAddress());
      if (towards == null) {
        throw new IllegalArgumentException(name + ": no interface leads there");
      }
      return plain(name, towards.getName());
    } catch (IOException | UncheckedIOException e) {
      throw new IllegalArgumentException(name + ": no interface leads there: " + e, e);
    }
  }
}
