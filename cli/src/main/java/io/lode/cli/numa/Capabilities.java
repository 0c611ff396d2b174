package io.lode.cli.numa;

import io.lode.numa.MemoryPolicy;
import io.lode.numa.Numa;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The names of the capabilities, in the same order for people and programs. */
final class Capabilities {
  private Capabilities() {}

  /** Returns the capabilities other than modes of a policy, by name. */
  static Map<String, Numa.Capability> general(Numa numa) {
    Map<String, Numa.Capability> named = new LinkedHashMap<>();
    named.put("topology", numa.topology());
    named.put("read policies", numa.policyRead());
    named.put("set policies", numa.policyWrite());
    named.put("move pages", numa.movePages());
    named.put("migrate pages", numa.migratePages());
    named.put("home node", numa.homeNode());
    named.put("libnuma", numa.libnuma());
    return named;
  }

  /** Returns the modes by name, and their possible combinations. */
  static Map<String, Numa.Capability> modes(Numa numa) {
    Map<String, Numa.Capability> named = new LinkedHashMap<>();
    for (MemoryPolicy.Mode mode : MemoryPolicy.Mode.values()) {
      if (mode != MemoryPolicy.Mode.UNKNOWN) {
        named.put(mode.name().toLowerCase(Locale.ROOT).replace('_', '-'), numa.mode(mode));
      }
    }
    named.put("bind+balancing", numa.membindBalancing());
    return named;
  }

  static Map<String, MachineEntry.CapabilityEntry> entries(Numa numa) {
    Map<String, MachineEntry.CapabilityEntry> entries = new LinkedHashMap<>();
    general(numa).forEach((name, value) -> entries.put(key(name), entry(value)));
    modes(numa).forEach((name, value) -> entries.put(key("mode " + name), entry(value)));
    return entries;
  }

  private static MachineEntry.CapabilityEntry entry(Numa.Capability capability) {
    return new MachineEntry.CapabilityEntry(capability.isAvailable(), capability.reason());
  }

  private static String key(String name) {
    return name.replaceAll("[ +-]", "_");
  }
}
