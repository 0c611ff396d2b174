package io.lode.pmem;

/** What a map is to be. */
public final class MapConfig {
  private MapConfig() {}
}
