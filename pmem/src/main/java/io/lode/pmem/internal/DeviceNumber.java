package io.lode.pmem.internal;

/**
 * The number of a device.
 *
 * @param major driver's part
 * @param minor device's part
 */
public record DeviceNumber(int major, int minor) {
  /** Returns the form that sysfs uses, {@code major:minor}. */
  @Override
  public String toString() {
    return major + ":" + minor;
  }
}
