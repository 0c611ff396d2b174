package io.lode.pmem.internal;

import io.lode.pmem.internal.jna.LibDaxctl;
import io.lode.pmem.internal.jna.LibNdctl;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The object lists of libndctl and libdaxctl for a machine that a test describes. */
final class FakeNdctl implements LibNdctl, LibDaxctl {
  private static final long CONTEXT = 1;
  private static final long BUS = 2;

  private final List<Region> regions = new ArrayList<>();
  private final Map<Long, Node> nodes = new HashMap<>();
  private long last = BUS;
  private int contexts;
  private int failure;
  private final Map<Long, Long> clearedBytes = new HashMap<>();
  final List<String> commands = new ArrayList<>();

  /**
   * The number of bytes of a range that are cleared; negative if the bus does not have the command.
   */
  long clearableBytes = Long.MAX_VALUE;

  /** The result of running a command. */
  int submitResult;

  /** Commands that were not released. */
  int liveCommands;

  /** Anything in a list. */
  class Node {
    final long handle = ++last;
    long next;

    Node() {
      nodes.put(handle, this);
    }
  }

  /** A region with its namespaces. */
  final class Region extends Node {
    private final int numaNode;
    private final List<Namespace> namespaces = new ArrayList<>();

    Region(int numaNode) {
      this.numaNode = numaNode;
    }

    Region fsdax(String blockDevice) {
      add(new Namespace(blockDevice, null, true));
      return this;
    }

    Region devdax(int... numbers) {
      List<Device> devices = new ArrayList<>();
      for (int i = 0; i < numbers.length; i += 2) {
        Device device = new Device(numbers[i], numbers[i + 1]);
        if (!devices.isEmpty()) {
          devices.getLast().next = device.handle;
        }
        devices.add(device);
      }
      add(new Namespace("", devices, true));
      return this;
    }

    Region withoutDaxRegion() {
      add(new Namespace("", List.of(), false));
      return this;
    }

    private void add(Namespace namespace) {
      if (!namespaces.isEmpty()) {
        namespaces.getLast().next = namespace.handle;
      }
      namespaces.add(namespace);
    }
  }

  private final class Namespace extends Node {
    final String blockDevice;
    final @Nullable List<Device> devices;
    final boolean daxRegion;

    Namespace(String blockDevice, @Nullable List<Device> devices, boolean daxRegion) {
      this.blockDevice = blockDevice;
      this.devices = devices;
      this.daxRegion = daxRegion;
    }
  }

  private final class Device extends Node {
    final int major;
    final int minor;

    Device(int major, int minor) {
      this.major = major;
      this.minor = minor;
    }
  }

  Region region(int numaNode) {
    Region region = new Region(numaNode);
    if (!regions.isEmpty()) {
      regions.getLast().next = region.handle;
    }
    regions.add(region);
    return region;
  }

  void failWith(int result) {
    failure = result;
  }

  /** Contexts that were not released. */
  int contexts() {
    return contexts;
  }

  private <T extends Node> T object(long handle, Class<T> type) {
    return type.cast(Objects.requireNonNull(nodes.get(handle)));
  }

  @Override
  public int ndctl_new(long[] context) {
    if (failure != 0) {
      return failure;
    }
    contexts++;
    context[0] = CONTEXT;
    return 0;
  }

  @Override
  public long ndctl_unref(long context) {
    contexts--;
    return 0;
  }

  @Override
  public void ndctl_set_log_priority(long context, int priority) {}

  @Override
  public long ndctl_bus_get_first(long context) {
    return BUS;
  }

  @Override
  public long ndctl_bus_get_next(long bus) {
    return 0;
  }

  @Override
  public long ndctl_region_get_first(long bus) {
    return regions.isEmpty() ? 0 : regions.getFirst().handle;
  }

  @Override
  public long ndctl_region_get_next(long region) {
    return object(region, Node.class).next;
  }

  @Override
  public long ndctl_region_get_bus(long region) {
    return BUS;
  }

  @Override
  public long ndctl_bus_cmd_new_ars_cap(long bus, long address, long length) {
    commands.add("ask " + address + " " + length);
    return clearableBytes < 0 ? 0 : command(0);
  }

  @Override
  public long ndctl_bus_cmd_new_clear_error(long address, long length, long arsCap) {
    commands.add("clear " + address + " " + length);
    return command(Math.min(length, clearableBytes));
  }

  private long command(long bytes) {
    liveCommands++;
    long handle = ++last;
    clearedBytes.put(handle, bytes);
    return handle;
  }

  @Override
  public long ndctl_cmd_clear_error_get_cleared(long command) {
    return clearedBytes.getOrDefault(command, 0L);
  }

  @Override
  public int ndctl_cmd_submit(long command) {
    return submitResult;
  }

  @Override
  public void ndctl_cmd_unref(long command) {
    liveCommands--;
  }

  @Override
  public String ndctl_region_get_devname(long region) {
    return "region" + regions.indexOf(object(region, Region.class));
  }

  @Override
  public int ndctl_region_get_numa_node(long region) {
    return object(region, Region.class).numaNode;
  }

  @Override
  public long ndctl_namespace_get_first(long region) {
    List<Namespace> namespaces = object(region, Region.class).namespaces;
    return namespaces.isEmpty() ? 0 : namespaces.getFirst().handle;
  }

  @Override
  public long ndctl_namespace_get_next(long namespace) {
    return object(namespace, Node.class).next;
  }

  @Override
  public long ndctl_namespace_get_dax(long namespace) {
    return object(namespace, Namespace.class).devices == null ? 0 : namespace;
  }

  @Override
  public long ndctl_namespace_get_btt(long namespace) {
    return 0;
  }

  @Override
  public long ndctl_namespace_get_pfn(long namespace) {
    return object(namespace, Namespace.class).devices == null ? namespace : 0;
  }

  @Override
  public String ndctl_namespace_get_block_device(long namespace) {
    return "";
  }

  @Override
  public String ndctl_btt_get_block_device(long btt) {
    return "";
  }

  @Override
  public String ndctl_pfn_get_block_device(long pfn) {
    return object(pfn, Namespace.class).blockDevice;
  }

  @Override
  public long ndctl_dax_get_daxctl_region(long dax) {
    return object(dax, Namespace.class).daxRegion ? dax : 0;
  }

  @Override
  public long daxctl_dev_get_first(long region) {
    List<Device> devices = object(region, Namespace.class).devices;
    return devices == null || devices.isEmpty() ? 0 : devices.getFirst().handle;
  }

  @Override
  public long daxctl_dev_get_next(long device) {
    return object(device, Node.class).next;
  }

  @Override
  public int daxctl_dev_get_major(long device) {
    return object(device, Device.class).major;
  }

  @Override
  public int daxctl_dev_get_minor(long device) {
    return object(device, Device.class).minor;
  }
}
